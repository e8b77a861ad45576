/* Questions: the named queries with their parameters, and a box for Cypher. The answer is a table and a picture. */
import { coloured, offset } from "./cypher.js";
import { table as csv } from "./save.js";
import { at } from "./stage.js";
import { count, digits, el } from "./text.js";

const EXAMPLE = "MATCH (p:Paper)-[:INTRODUCES]->(m:Model)\nRETURN m, count(p) AS papers\nORDER BY papers DESC LIMIT 25";
const SHOWN = 200; // rows of a table at first
let queries = null;

export async function ask(app, params) {
  queries ??= (await app.get("summary")).queries;
  const name = params.get("query");
  const query = queries.find((one) => one.name === name || one.name.split("/")[1] === name);
  at("counts").textContent = query ? query.title : "Your own question";
  const answer = el("section", { class: "answer", "aria-label": "Answer", "aria-live": "polite" });
  const form = query ? questionForm(query, params) : cypherForm(params);
  const asked = [...params].filter(([key]) => key !== "v");
  if (query || params.get("cypher")) await fill(app, answer, form, asked);
  form.element.addEventListener("submit", (event) => {
    event.preventDefault();
    const next = `/?${new URLSearchParams([["v", "ask"], ...form.values()])}`;
    app.go(next);
  });
  return {
    title: query ? query.title : "Ask",
    nodes: [el("div", { class: "asking" }, list(query), el("div", { class: "question-main" }, form.element, answer))],
  };
}

/** All named queries, by theme; on a phone behind a button. */
function list(chosen) {
  const themes = new Map();
  for (const query of queries) themes.set(query.theme, [...(themes.get(query.theme) ?? []), query]);
  const link = (query) => el("li", {}, el("a", { href: `/?${new URLSearchParams([["v", "ask"], ["query", query.name]])}`, "data-go": true, "aria-current": query === chosen ? "page" : null, text: query.title }));
  return el("details", { class: "queries", open: matchMedia("(min-width: 861px)").matches },
    el("summary", { text: "Named queries" }),
    el("a", { class: "own", href: "/?v=ask", "data-go": true, "aria-current": chosen ? null : "page", text: "Write Cypher" }),
    ...[...themes].map(([theme, some]) => el("section", {}, el("h3", { text: theme }), el("ul", {}, ...some.map(link)))));
}

function questionForm(query, params) {
  const inputs = query.parameters.map((parameter) => {
    const kind = { INT: "number", DOUBLE: "number", DATE: "date" }[parameter.type] ?? "text";
    const input = el("input", { type: kind, name: `p.${parameter.name}`, value: params.get(`p.${parameter.name}`) ?? parameter.default, step: parameter.type === "DOUBLE" ? "any" : null });
    return { input, label: el("label", {}, el("span", { text: parameter.name }), input, el("span", { class: "aside", text: parameter.about })) };
  });
  const own = el("a", { class: "out", href: `/?${new URLSearchParams([["v", "ask"], ["cypher", query.cypher], ...inputs.map(({ input }) => [input.name, input.value])])}`, "data-go": true, text: "Change it as Cypher" });
  const element = el("form", { class: "question-form" }, el("h2", { text: query.title }), el("p", { class: "facts", text: query.about }),
    el("div", { class: "fields" }, ...inputs.map(({ label }) => label)),
    el("div", { class: "row" }, el("button", { type: "submit", class: "tool strong", text: "Ask" }), own),
    el("details", { class: "source-code" }, el("summary", { text: `Cypher of ${query.name}` }), el("pre", { class: "code" }, ...coloured(query.cypher))));
  return { element, wrong: () => {}, values: () => [["query", query.name], ...inputs.filter(({ input }, order) => input.value !== query.parameters[order].default).map(({ input }) => [input.name, input.value])] };
}

function cypherForm(params) {
  const text = params.get("cypher") ?? EXAMPLE;
  const area = el("textarea", { class: "typed", spellcheck: "false", autocapitalize: "off", autocomplete: "off", "aria-label": "Cypher, read-only", rows: Math.min(Math.max(text.split("\n").length + 1, 5), 18) });
  area.value = text;
  const shade = el("pre", { class: "code shade", "aria-hidden": "true" }, ...coloured(text));
  const given = [...params].filter(([name]) => name.startsWith("p."));
  const rows = el("input", { type: "number", min: 1, max: 5000, value: params.get("rows") ?? 500, "aria-label": "Rows at most" });
  const seconds = el("input", { type: "number", min: 1, max: 60, value: params.get("seconds") ?? 10, "aria-label": "Seconds at most" });
  const fields = el("div", { class: "fields" });
  // A $name in the statement is a parameter: it gets a field.
  const draw = () => {
    shade.replaceChildren(...coloured(area.value));
    const names = [...new Set([...area.value.matchAll(/\$([A-Za-z_]\w*)/g)].map(([, name]) => name))];
    const kept = new Map([...given, ...[...fields.querySelectorAll("input")].map((input) => [input.name, input.value])]);
    if (names.join() === [...fields.querySelectorAll("input")].map((input) => input.name.slice(2)).join()) return;
    fields.replaceChildren(...names.map((name) => el("label", {}, el("span", { text: `$${name}` }), el("input", { type: "text", name: `p.${name}`, value: kept.get(`p.${name}`) ?? "" }), el("span", { class: "aside", text: "JSON, or else text" }))));
  };
  draw();
  area.addEventListener("input", draw);
  area.addEventListener("scroll", () => {
    shade.scrollTop = area.scrollTop;
    shade.scrollLeft = area.scrollLeft;
  });
  const element = el("form", { class: "question-form" }, el("h2", { text: "Ask in Cypher" }),
    el("p", { class: "facts", text: "One statement that reads: MATCH, WHERE, WITH, UNWIND, RETURN. Return nodes, relationships or ids to see them drawn." }),
    el("div", { class: "editor" }, shade, area), fields,
    el("div", { class: "row" }, el("button", { type: "submit", class: "tool strong", title: "Ctrl+Enter", text: "Run" }), el("label", { class: "limit" }, "at most ", rows, " rows, "), el("label", { class: "limit" }, seconds, " seconds")),
    el("p", { class: "error", role: "alert", hidden: true }));
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      element.requestSubmit();
    }
  });
  const wrong = (error) => {
    shade.replaceChildren(...coloured(area.value, error));
    if (error.line) area.setSelectionRange(offset(area.value, error), offset(area.value, error));
    area.setAttribute("aria-invalid", "true");
  };
  const values = () => [
    ["cypher", area.value],
    ...[...fields.querySelectorAll("input")].map((input) => [input.name, input.value]),
    ...(rows.value === "500" ? [] : [["rows", rows.value]]),
    ...(seconds.value === "10" ? [] : [["seconds", seconds.value]]),
  ];
  return { element, wrong, values };
}

/** Ask the server and draw the table; an error stands where it belongs. */
async function fill(app, box, form, asked) {
  let answer;
  try {
    answer = await app.get("ask", asked);
  } catch (error) {
    const place = error.line ? `Line ${error.line}, column ${error.column}. ` : "";
    const said = form.element.querySelector(".error");
    const text = place + error.message.replace(/^query, line \d+:\d+: /, "");
    if (said) {
      said.textContent = text;
      said.hidden = false;
    } else box.replaceChildren(el("p", { class: "error", role: "alert", text }));
    form.wrong(error);
    return;
  }
  const { columns, rows, cut, seconds, drawn, limits } = answer;
  const graph = `/?${new URLSearchParams([["v", "graph"], ...asked])}`;
  const cost = `${count(rows.length, "row")}${cut ? ", cut at the limit" : ""} in ${seconds.toFixed(2)} s (limits: ${digits(limits.rows)} rows, ${limits.seconds} s)`;
  const save = el("button", { type: "button", class: "tool", text: "Save as CSV", on: { click: () => saveRows(columns, rows) } });
  box.replaceChildren(
    el("div", { class: "row answer-head" }, el("p", { class: "facts", text: cost }), drawn ? el("a", { class: "tool strong", href: graph, "data-go": true, text: `Show as a graph (${count(drawn, "node")})` }) : null, rows.length ? save : null),
    rows.length ? answerTable(app, columns, rows) : el("p", { class: "hint", text: "No rows: nothing in this graph fits." }),
  );
}

function answerTable(app, columns, rows) {
  const numeric = columns.map((_, order) => rows.every((row) => row[order] === null || typeof row[order] === "number"));
  const body = el("tbody");
  const draw = (from, to) => body.append(...rows.slice(from, to).map((row) => el("tr", {}, ...row.map((value, order) => el("td", { class: numeric[order] ? "numeric" : /^\S{1,24}$/.test(value) ? "whole" : "", dir: "auto" }, cell(app, value))))));
  draw(0, SHOWN);
  const table = el("table", {}, el("caption", { class: "unseen", text: "The answer" }), el("thead", {}, el("tr", {}, ...columns.map((name, order) => el("th", { scope: "col", class: numeric[order] ? "numeric" : "", text: name })))), body);
  const box = el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Rows" }, table);
  if (rows.length > SHOWN) {
    const more = el("button", { type: "button", class: "more", text: `Show all ${digits(rows.length)} rows` });
    more.addEventListener("click", () => {
      draw(SHOWN, rows.length);
      more.remove();
    });
    box.append(more);
  }
  return box;
}

/** A cell of an answer as an element or a text. */
function cell(app, value) {
  if (value === null) return "";
  if (typeof value === "number") return value.toLocaleString("en", { maximumFractionDigits: 6, useGrouping: Math.abs(value) >= 10_000 });
  if (typeof value !== "object") return String(value);
  if (value.node) return app.link(value.node);
  if (value.relationship) return `${value.relationship}: ${value.from} → ${value.to}`;
  if (value.list) return el("span", {}, ...value.list.flatMap((item, order) => [order ? ", " : "", cell(app, item)]), value.more ? ` and ${value.more} more` : "");
  return el("span", {}, ...(value.map ?? []).flatMap(([key, item], order) => [order ? ", " : "", `${key}: `, cell(app, item)]));
}

function plainly(value) {
  if (value === null || typeof value !== "object") return value ?? "";
  if (value.node) return value.node.name;
  if (value.relationship) return `${value.relationship}: ${value.from} → ${value.to}`;
  return (value.list ?? value.map.map(([key, item]) => `${key}: ${plainly(item)}`)).map(plainly).join("; ");
}

function saveRows(columns, rows) {
  const blob = new Blob([csv([columns, ...rows.map((row) => row.map(plainly))])], { type: "text/csv;charset=utf-8" });
  const link = el("a", { href: URL.createObjectURL(blob), download: "answer.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
