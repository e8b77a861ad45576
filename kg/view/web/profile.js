/* The page of one thing, and the list of leaderboards. Every line leads to its paper and shows the sentence. */
import { columns, ranked } from "./home.js";
import { at } from "./stage.js";
import { count, day, digits, el, quote } from "./text.js";

export async function profilePage(app, params) {
  const facts = await app.get("profile", [["id", params.get("id") ?? ""]]);
  const { node, aliases, results } = facts;
  at("counts").textContent = `${node.label} ${node.name}`;
  const line = [node.papers ? `named by ${count(node.papers, "paper")}` : "", node.day ? `first seen ${day(node.day)}` : ""].filter(Boolean);
  return {
    title: node.name,
    nodes: [
      el("div", { class: "heading" }, el("p", { class: "kind" }, app.sign(node.label), node.label), el("h2", { dir: "auto", text: node.name }),
        el("p", { class: "facts", text: line.join(" · ") }),
        aliases.length ? el("p", { class: "facts", dir: "auto", text: `Also written ${aliases.slice(0, 12).join(", ")}` }) : null,
        el("a", { class: "tool strong", href: app.graphOf(node.id), "data-go": true, text: "Show as a graph" })),
      years(facts),
      results.rows.length ? resultTable(app, node, results, params) : null,
      el("div", { class: "sections" }, ...facts.sections.map((section) => sectionOf(app, section))),
      facts.sections.length || results.rows.length ? null : el("p", { class: "hint", text: "No paper of this graph introduces it or reports a number for it. Its picture shows who names it." }),
    ],
  };
}

/** Who uses it over time: a column a year, and the same as words for those who hear it. */
function years(facts) {
  if (facts.years.length < 2) return null;
  const bars = facts.years.map(({ year, papers, roles }) => {
    const parts = Object.entries(roles).map(([role, number]) => `${role.toLowerCase()} ${number}`).join(", ");
    return { name: String(year), value: papers, title: `${year}: ${count(papers, "paper")}${parts ? ` (${parts})` : ""}` };
  });
  const totals = new Map();
  for (const { roles } of facts.years) for (const [role, number] of Object.entries(roles)) totals.set(role, (totals.get(role) ?? 0) + number);
  const said = [...totals].map(([role, number]) => `${role.toLowerCase()} ${digits(number)}`).join(" · ");
  return el("section", { class: "card wide" }, el("h3", { text: "Papers by year" }), el("p", { class: "hint", text: `${said}${facts.undated ? ` · ${facts.undated} without a date` : ""}` }), columns(bars));
}

/** The numbers reported: one measure at a time, the best first. */
function resultTable(app, node, results, params) {
  const measure = (row) => [row.metric?.name ?? "no metric named", row.unit].filter(Boolean).join(", ");
  const measures = new Map();
  for (const row of results.rows) measures.set(measure(row), (measures.get(measure(row)) ?? 0) + 1);
  const columnsOf = [["model", "Model"], ["dataset", "Data"], ["task", "Task"]].filter(([part]) => results.rows.some((row) => row[part] && row[part].id !== node.id));
  const body = el("tbody");
  const draw = (chosen) => {
    const rows = results.rows.filter((row) => !chosen || measure(row) === chosen);
    body.replaceChildren(...rows.map((row) => el("tr", {},
      el("td", { class: "numeric value", text: `${row.value.toLocaleString("en", { maximumFractionDigits: 6 })}${row.unit === "%" ? "%" : row.unit ? ` ${row.unit}` : ""}` }),
      el("td", { text: row.metric?.name ?? "" }),
      ...columnsOf.map(([part]) => el("td", {}, row[part] ? app.link(row[part], app.profileOf(row[part].id)) : "")),
      el("td", { class: "source" }, row.paper ? app.link(row.paper) : "", row.paper?.day ? el("span", { class: "aside", text: day(row.paper.day) }) : "", row.quote ? quote(row.quote, "Result") : ""))));
  };
  const select = el("select", { "aria-label": "Measure" }, el("option", { value: "", text: `All measures (${results.rows.length})` }), ...[...measures].map(([name, number]) => el("option", { value: name, text: `${name} (${number})`, selected: params.get("measure") === name })));
  select.addEventListener("change", () => {
    const next = new URLSearchParams(location.search);
    if (select.value) next.set("measure", select.value);
    else next.delete("measure");
    history.replaceState(history.state, "", `/?${next}`);
    draw(select.value);
  });
  draw(select.value);
  const heads = ["Value", "Metric", ...columnsOf.map(([, title]) => title), "Paper, and its sentence"];
  const more = results.total > results.rows.length ? ` The first ${results.rows.length} of ${digits(results.total)}.` : "";
  return el("section", { class: "card wide results" }, el("h3", {}, "Reported numbers ", el("span", { class: "number", text: digits(results.total) })),
    el("p", { class: "hint", text: `As the abstracts say them, the best of each measure first.${more}` }), select,
    el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Reported numbers" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads.map((text, order) => el("th", { scope: "col", class: order ? "" : "numeric", text })))), body)));
}

function sectionOf(app, { title, about, total, lines }) {
  const rows = lines.map(({ node, papers, paper, quote: said, note }) => el("li", {},
    app.link(node, /^(Paper|Repository)$/.test(node.label) ? app.graphOf(node.id) : app.profileOf(node.id)),
    el("span", { class: "aside" }, papers > 1 ? `${count(papers, "paper")}, the newest: ` : "", paper && paper.id !== node.id ? el("a", { class: "plainly", href: app.graphOf(paper.id), "data-go": true, dir: "auto", text: paper.name }) : "", note ?? "", (paper ?? node).day ? ` ${(paper ?? node).day.slice(0, 4)}` : ""),
    said ? quote(said, node.label) : null));
  const list = el("ul", { class: "members" }, ...rows.slice(0, 6));
  const section = el("section", { class: "card" }, el("h3", {}, `${title} `, el("span", { class: "number", text: digits(total) })), el("p", { class: "hint", text: about }), list);
  if (rows.length > 6) {
    const more = el("button", { type: "button", class: "more", text: `Show ${rows.length - 6} more` });
    more.addEventListener("click", () => {
      list.append(...rows.slice(6));
      rows[6].querySelector("a").focus();
      more.remove();
    });
    section.append(more);
  }
  if (total > rows.length) section.append(el("p", { class: "hint", text: `and ${digits(total - rows.length)} more` }));
  return section;
}

export async function boardsPage(app) {
  const { boards } = await app.get("boards");
  at("counts").textContent = count(boards.length, "leaderboard");
  const numbers = new Map(boards.map(({ node, results }) => [node, results]));
  return {
    title: "Leaderboards",
    nodes: [
      el("div", { class: "heading" }, el("h2", { text: "Leaderboards" }), el("p", { class: "facts", text: "Datasets and benchmarks by how many numbers papers report on them. The numbers are read from abstracts: each shows its sentence." })),
      boards.length ? el("section", { class: "card wide" }, ranked(app, [...numbers.keys()], (node) => numbers.get(node), "number", undefined, (node) => app.profileOf(node.id))) : el("p", { class: "hint", text: "No abstract of this graph reports a number on a dataset." }),
    ],
  };
}
