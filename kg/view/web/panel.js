/* The side panel: what a node or a relationship is, with its evidence. Functions from the graph to elements. */
import { plural, unsure } from "./graph.js";
import { count, day, digits, el, fold, linkOut, pieces, quote, sign } from "./text.js";

const FIRST = 12; // members of a group that are shown at once; a button shows the rest
const STEP = 50; // and so many more with each click, where they have to be asked for
const LABELS = { host: "Host", owner: "Owner", kind: "Kind", value: "Value", unit: "Unit", text: "Text", source: "Source" };

function typeSign(graph, type) {
  return sign(type, graph.shapes.get(type));
}

/** The head of every panel: what kind of thing this is, and the ways out. */
function head(kind, actions) {
  const back = el("button", { type: "button", class: "quiet back", "aria-label": "Back", title: "Back", disabled: !actions.canGoBack(), on: { click: actions.back } }, "←");
  const close = el("button", { type: "button", class: "quiet", "aria-label": "Close", title: "Close (Esc)", on: { click: actions.close } }, "×");
  return el("div", { class: "head" }, back, el("span", { class: "kind" }, ...kind), close);
}

/** A node as a button that walks on to it. */
function nodeButton(graph, number, actions) {
  const node = graph.nodes[number];
  const go = { click: () => actions.select(node), mouseenter: () => actions.point?.(node), mouseleave: () => actions.point?.(null) };
  const name = el("span", { class: "name", dir: "auto", text: node.name });
  const unseen = el("span", { class: "unseen", text: `(${node.label})` });
  return el("button", { type: "button", class: "node", on: go }, typeSign(graph, node.label), name, unseen);
}

/** What stands beside a neighbour's name: a paper's date, how many papers name a thing, how sure the line is. */
function aside(node, edge) {
  const notes = [];
  if (node.properties.published) notes.push(day(node.properties.published));
  if (node.properties.papers > 1) notes.push(count(node.properties.papers, "paper"));
  if (unsure(edge)) notes.push(`low confidence, ${edge.confidence.toFixed(2)}`);
  if (edge.note) notes.push(edge.note);
  return notes.length ? el("span", { class: "aside", text: notes.join(" · ") }) : null;
}

function member(graph, { edge, at, number }, actions) {
  const said = quote(edge, graph.nodes[edge.target].label);
  return el("li", { "data-edge": at }, nodeButton(graph, number, actions), aside(graph.nodes[number], edge), said);
}

/** One relationship's neighbours: a heading and the list, long ones behind a button. */
function neighbourGroup(graph, one, actions) {
  const { heading, about, members } = one;
  const total = one.total ?? members.length;
  const list = el("ul", { class: "members" }, ...members.slice(0, FIRST).map((entry) => member(graph, entry, actions)));
  const title = el("h3", { title: about }, heading, " ", el("span", { class: "number", text: digits(total) }), actions.groupTool?.(one));
  const section = el("section", { class: "group" }, title, list);
  if (total > FIRST) {
    const more = el("button", { type: "button", class: "more" });
    const left = () => total - list.children.length;
    const say = () => {
      more.textContent = actions.more && left() > STEP ? `Show ${STEP} more of ${digits(left())}` : `Show all ${digits(total)}`;
    };
    say();
    more.addEventListener("click", async () => {
      const shown = list.children.length;
      const next = actions.more ? await actions.more(one, shown, STEP) : { graph, members: members.slice(shown) };
      list.append(...next.members.map((entry) => member(next.graph, entry, actions)));
      list.children[shown]?.querySelector("button").focus();
      if (left() > 0 && next.members.length) say();
      else more.remove();
    });
    section.append(more);
  }
  return section;
}

/** A paper's abstract, with each thing it names underlined in its type's colour and leading there. */
function abstract(graph, number, actions) {
  const text = graph.nodes[number].properties.abstract;
  if (!text) return null;
  const wanted = graph.around[number].flatMap((at) => {
    const edge = graph.edges[at];
    return edge.source === number ? (edge.surfaces ?? []).map((surface) => ({ surface, target: edge.target })) : [];
  });
  const body = el("p", { class: "abstract short", dir: "auto" });
  for (const piece of pieces(text, wanted)) {
    if (typeof piece === "string") body.append(piece);
    else {
      const { label } = graph.nodes[piece.target];
      const go = (event) => {
        event.preventDefault();
        actions.select(graph.nodes[piece.target]);
      };
      // A link, for a button does not break over two lines.
      const href = actions.address(graph.nodes[piece.target]);
      body.append(el("a", { class: "named", href, "data-type": label, title: label, text: piece.text, on: { click: go } }));
    }
  }
  const more = el("button", { type: "button", class: "more", text: "Whole abstract", "aria-expanded": "false" });
  more.addEventListener("click", () => {
    const short = body.classList.toggle("short");
    more.textContent = short ? "Whole abstract" : "Less";
    more.setAttribute("aria-expanded", String(!short));
  });
  if (text.length < 420) {
    body.classList.remove("short");
    return body;
  }
  return el("div", {}, body, more);
}

/** Names without those that differ in case, spaces and hyphens only. */
function spellings(names) {
  const found = new Map();
  for (const name of names) {
    const key = fold(name).replace(/[^\p{L}\p{N}]+/gu, "") || name;
    if (!found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}

/** The facts below a node's name, by its type. */
function facts(graph, number) {
  const { label, properties, name } = graph.nodes[number];
  const line = [];
  if (properties.papers !== undefined) line.push(`named by ${count(properties.papers, "paper")}`);
  if (properties.first_seen) line.push(`first seen ${day(properties.first_seen)}`);
  if (properties.published) line.push(day(properties.published));
  if (label === "Paper" && properties.source) line.push(`from ${properties.source}`);
  const out = properties.url ? linkOut(properties.url) : null;
  const rows = Object.entries(LABELS)
    .filter(([key]) => properties[key] !== undefined && label !== "Paper" && String(properties[key]) !== name)
    .flatMap(([key, title]) => [el("dt", { text: title }), el("dd", { dir: "auto", text: String(properties[key]) })]);
  const aliases = spellings(properties.aliases ?? []).map((alias) => el("li", { dir: "auto", text: alias }));
  return [
    line.length || out ? el("p", { class: "facts" }, line.join(" · "), line.length && out ? " · " : "", out) : null,
    aliases.length ? el("div", { class: "aliases" }, el("h3", { text: "Also written" }), el("ul", {}, ...aliases.slice(0, 8), aliases.length > 8 ? el("li", { class: "rest-of", title: properties.aliases.join(", "), text: `and ${aliases.length - 8} more` }) : null)) : null,
    rows.length ? el("dl", {}, ...rows) : null,
  ];
}

/** The panel of a node. */
export function nodePanel(graph, number, actions) {
  const { label, name, properties } = graph.nodes[number];
  const groups = graph.groups(number).map((one) => neighbourGroup(graph, actions.counted?.(one) ?? one, actions));
  return [
    head([typeSign(graph, label), label], actions),
    el("h2", { dir: "auto", text: properties.title ?? name }),
    actions.tools?.(graph.nodes[number]),
    ...facts(graph, number),
    label === "Paper" ? abstract(graph, number, actions) : null,
    ...(groups.length ? groups : [el("p", { class: "hint", text: "Nothing in this picture is connected to it." })]),
  ].filter(Boolean);
}

/** The panel of a relationship: both ends, and the sentence that says so. */
export function relationshipPanel(graph, at, actions) {
  const edge = graph.edges[at];
  const type = graph.relationships.get(edge.type);
  const said = quote(edge, graph.nodes[edge.target].label);
  const notes = [];
  if (edge.note) notes.push(edge.note);
  if (edge.confidence !== undefined) notes.push(`confidence ${edge.confidence.toFixed(2)}`);
  if (edge.surfaces?.length) notes.push(`written ${edge.surfaces.map((surface) => `“${surface}”`).join(", ")}`);
  return [
    head(["Relationship"], actions),
    el("h2", { text: type.forward }),
    type.about ? el("p", { class: "facts", text: type.about }) : null,
    el("div", { class: "ends" }, nodeButton(graph, edge.source, actions), el("p", { class: "verb", text: type.forward.toLowerCase() }), nodeButton(graph, edge.target, actions)),
    said ?? el("p", { class: "hint", text: "No sentence is kept for this relationship." }),
    notes.length ? el("p", { class: "facts", dir: "auto", text: notes.join(" · ") }) : null,
  ].filter(Boolean);
}

/** The panel before anything is chosen: what is named most, by type, and the newest papers. */
export function overviewPanel(graph, actions) {
  const byType = new Map();
  graph.nodes.forEach((one, number) => {
    if (!(one.properties.papers > 0)) return;
    if (!byType.has(one.label)) byType.set(one.label, []);
    byType.get(one.label).push(number);
  });
  const most = [...byType.values()].flat().reduce((top, number) => Math.max(top, graph.weight(number)), 1);
  const sections = [];
  for (const { name } of graph.types) {
    const top = (byType.get(name) ?? []).sort((a, b) => graph.before(a, b)).slice(0, 5);
    if (!top.length) continue;
    const rows = top.map((number) => {
      const papers = graph.weight(number);
      const bar = el("span", { class: "bar", "data-type": name, style: { "--part": String(papers / most) }, "aria-hidden": "true" });
      const total = el("span", { class: "total", title: count(papers, "paper"), text: digits(papers) });
      return el("li", { class: "ranked" }, nodeButton(graph, number, actions), bar, total);
    });
    sections.push(el("section", { class: "group" }, el("h3", { text: plural(name) }), el("ol", { class: "members" }, ...rows)));
  }
  const papers = graph.nodes.flatMap((one, number) => (one.label === "Paper" && one.properties.published ? [number] : []));
  const newest = papers.sort((a, b) => graph.before(a, b)).slice(0, 5);
  if (newest.length) {
    const rows = newest.map((number) => el("li", {}, nodeButton(graph, number, actions), aside(graph.nodes[number], {})));
    sections.push(el("section", { class: "group" }, el("h3", { text: "Newest papers" }), el("ul", { class: "members" }, ...rows)));
  }
  if (!graph.nodes.length) return [el("h2", { text: "Nothing to draw" }), el("p", { class: "hint", text: "This graph has no nodes." })];
  const read = "Colour and shape say what a thing is, size says how many papers name it. Choose a node or a line to see the sentence it comes from.";
  return [
    actions.intro?.(),
    el("h2", { text: sections.length ? "Named most" : "Graph" }),
    el("p", { class: "hint", text: sections.length ? `By number of papers. ${read}` : read }),
    ...sections,
  ].filter(Boolean);
}
