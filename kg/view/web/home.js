/* The first screen: an answer before any question. What is here, what is named most, what is new, what can be asked. */
import { plural } from "./graph.js";
import { at } from "./stage.js";
import { count, day, digits, el } from "./text.js";

export async function home(app) {
  const facts = await app.get("summary");
  const total = facts.types.reduce((sum, type) => sum + type.count, 0);
  at("counts").textContent = [count(total, "node"), count(facts.relationships, "relationship")].join(" · ");
  const [feed] = facts.feeds;
  return {
    title: "Overview",
    nodes: [
      el("h2", { class: "unseen", text: "Overview" }),
      el("ul", { class: "tally", "aria-label": "Nodes by type" }, ...facts.types.map((type) => tally(app, type))),
      el("div", { class: "cards" },
        ...facts.top.slice(0, 3).map((group) => top(app, group)),
        boards(app, facts.boards),
        news(app, feed, facts.new),
        newest(app, facts.newest, facts.years, facts.feeds),
        ...facts.top.slice(3).map((group) => top(app, group))),
      el("h2", { text: "Questions" }),
      el("p", { class: "hint", text: "Each is a named query: choose one to see its answer, as a table and as a picture." }),
      ...themes(facts.queries),
    ],
  };
}

function tally(app, type) {
  return el("li", { title: type.about }, app.sign(type.name), el("span", { class: "count", text: digits(type.count) }), el("span", { class: "name", text: type.count === 1 ? type.name : plural(type.name) }));
}

function card(title, about, ...content) {
  return el("section", { class: "card" }, el("h3", { text: title }), about ? el("p", { class: "hint" }, about) : null, ...content);
}

/** Nodes with a bar each: how many papers name them. */
export function ranked(app, nodes, value, unit, most = Math.max(1, ...nodes.map(value)), href = (node) => app.graphOf(node.id)) {
  return el("ol", { class: "members" }, ...nodes.map((node) => el("li", { class: "ranked" },
    app.link(node, href(node)),
    el("span", { class: "bar", "data-type": node.label, style: { "--part": String(value(node) / most) }, "aria-hidden": "true" }),
    el("span", { class: "total", title: count(value(node), unit), text: digits(value(node)) }))));
}

function top(app, { label, nodes }) {
  return card(plural(label), "named by most papers", ranked(app, nodes, (node) => node.papers ?? 0, "paper"));
}

function boards(app, rows) {
  if (!rows.length) return null;
  const numbers = new Map(rows.map(({ node, results }) => [node, results]));
  return card("Leaderboards", el("a", { class: "out", href: "/?v=boards", "data-go": true, text: "numbers that papers report, by dataset" }),
    ranked(app, [...numbers.keys()], (node) => numbers.get(node), "number", undefined, (node) => app.profileOf(node.id)));
}

function news(app, feed, nodes) {
  if (!feed || !nodes.length) return null;
  const href = `/?${new URLSearchParams([["v", "ask"], ["query", "trends/new-in-feed"]])}`;
  const about = el("a", { class: "out", href, "data-go": true, dir: "auto", text: `introduced in ${feed.name}, the last feed (${count(feed.lists, "paper")})` });
  return card("New", about, ranked(app, nodes, (node) => node.papers ?? 0, "paper"));
}

function newest(app, papers, years, feeds) {
  const rows = papers.slice(0, 3).map((paper) => el("li", { class: "short" }, app.link(paper), el("span", { class: "aside", text: day(paper.day) })));
  const span = years.length ? `${years[0].year} to ${years.at(-1).year}` : "";
  const from = `from ${count(feeds.length, "feed")}${feeds.length === 5 ? " and more" : ""}`;
  return card("Papers", [span, from].filter(Boolean).join(" · "), columns(years.map(({ year, papers: number }) => ({ name: String(year), value: number, title: `${year}: ${count(number, "paper")}` }))), el("ul", { class: "members" }, ...rows));
}

/** Columns of a small chart: {name, value, title} each; the first and the last have their name below. */
export function columns(bars) {
  if (bars.length < 2) return null;
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  const said = bars.map((bar) => bar.title).join(", ");
  const drawn = bars.map((bar) => el("span", { title: bar.title, style: { "--part": String(bar.value / most) }, class: bar.value ? "" : "none" }));
  return el("figure", { class: "columns", style: { "--count": String(bars.length) }, role: "img", "aria-label": said }, el("div", { class: "plot" }, ...drawn), el("div", { class: "axis", "aria-hidden": "true" }, el("span", { text: bars[0].name }), el("span", { text: `most: ${digits(most)}` }), el("span", { text: bars.at(-1).name })));
}

function themes(queries) {
  const byTheme = group(queries);
  return [...byTheme].map(([theme, list]) => el("section", { class: "theme" }, el("h3", { text: theme }),
    el("ul", { class: "questions" }, ...list.map((query) => el("li", {}, el("a", { class: "question", href: `/?${new URLSearchParams([["v", "ask"], ["query", query.name]])}`, "data-go": true, title: query.about }, el("strong", { text: query.title }), el("span", { text: query.about })))))));
}

function group(queries) {
  const found = new Map();
  for (const query of queries) found.set(query.theme, [...(found.get(query.theme) ?? []), query]);
  return found;
}
