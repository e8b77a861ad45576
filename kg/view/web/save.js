/* What is seen, as a file: the picture as PNG or SVG, its nodes and lines as CSV, JSON or GraphML, or as a link. */

/** The forms, as the menu names them. */
export const SAVED = { png: "Picture (PNG)", svg: "Drawing (SVG)", csv: "Table (CSV)", json: "Data (JSON)", graphml: "Graph (GraphML)", link: "Copy link" };

/** Save what `stage` shows in one of the forms of `SAVED`; gives what to say of it. */
export async function save(form, stage) {
  const { graph, canvas } = stage;
  if (form === "link") return copyLink();
  const name = graph.title.normalize("NFKD").replace(/[^\w]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).toLowerCase() || "graph";
  const made = {
    png: () => png(canvas),
    svg: () => text(svg(canvas), "image/svg+xml"),
    csv: () => text(csv(graph), "text/csv"),
    json: () => text(json(graph), "application/json"),
    graphml: () => text(graphml(graph), "application/xml"),
  };
  download(await made[form](), `${name}.${form}`);
  return `Saved ${name}.${form}`;
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    return "The link is copied";
  } catch {
    return "The address of this page is the link: copy it from the browser's address bar";
  }
}

const text = (body, type) => new Blob([body], { type: `${type};charset=utf-8` });

function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The nodes that are shown, and the lines between them. */
function seen(graph) {
  return { nodes: graph.nodes.filter((_, number) => graph.visible(number)), edges: graph.edges.filter((_, number) => graph.edgeVisible(number)) };
}

/** The picture on its ground, in the pixels of the screen. */
function png(canvas) {
  canvas.network.redraw(); // what changed a moment ago is in it
  const from = canvas.box.querySelector("canvas");
  const to = document.createElement("canvas");
  [to.width, to.height] = [from.width, from.height];
  const context = to.getContext("2d");
  context.fillStyle = canvas.theme.ground;
  context.fillRect(0, 0, to.width, to.height);
  context.drawImage(from, 0, 0);
  return new Promise((resolve) => to.toBlob(resolve, "image/png"));
}

const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text as it can stand in XML, between tags and in an attribute. */
export function xml(value) {
  const signs = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return String(value).replace(NOT_XML, "\ufffd").replace(/[&<>"']/g, (sign) => signs[sign]);
}

/** The part of a drawing context that labels are written with, which writes SVG. */
class Writer {
  constructor() {
    this.measure = document.createElement("canvas").getContext("2d");
    this.parts = [];
  }

  set font(font) {
    this.measure.font = font;
    [, this.weight, this.size] = /^(\d+) (\d+)px/.exec(font);
  }

  measureText(words) {
    return this.measure.measureText(words);
  }

  strokeText() {} // the ground behind the letters: `paint-order` below does the same

  fillText(words, x, y) {
    const { size, weight, lineWidth, strokeStyle, fillStyle } = this;
    this.parts.push(`<text x="${x.toFixed(2)}" y="${(y + size * 0.8).toFixed(2)}" font-size="${size}" font-weight="${weight}" fill="${xml(fillStyle)}" stroke="${xml(strokeStyle)}" stroke-width="${lineWidth}">${xml(words)}</text>`);
  }
}

const corners = (x, y, r, number, turn) => Array.from({ length: number }, (_, corner) => {
  const angle = turn + (corner * 2 * Math.PI) / number;
  return `${(x + r * Math.cos(angle)).toFixed(2)},${(y + r * Math.sin(angle)).toFixed(2)}`;
}).join(" ");

function shape(kind, x, y, r, fill) {
  const polygon = (points) => `<polygon points="${points}" fill="${fill}"/>`;
  if (kind === "square") return `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}" fill="${fill}"/>`;
  if (kind === "diamond") return polygon(corners(x, y, r, 4, -Math.PI / 2));
  if (kind === "triangle") return polygon(corners(x, y + 0.15 * r, r * 1.25, 3, -Math.PI / 2));
  if (kind === "hexagon") return polygon(corners(x, y, r, 6, 0));
  return `<circle cx="${x}" cy="${y}" r="${r}" fill="${fill}"/>`;
}

/** The picture as a drawing: what the window shows, with its labels as text. */
export function svg(canvas) {
  const { graph, theme, box } = canvas;
  const { position, scale } = canvas.view;
  const [wide, high] = [box.clientWidth / scale, box.clientHeight / scale];
  const view = { left: position.x - wide / 2, top: position.y - high / 2, wide, high };
  const lines = graph.edges.flatMap(({ source, target }, at) => {
    if (!graph.edgeVisible(at) || !canvas.drawn(source) || !canvas.drawn(target)) return [];
    return [`M${canvas.x.get(source)} ${canvas.y.get(source)}L${canvas.x.get(target)} ${canvas.y.get(target)}`];
  });
  const signs = [...canvas.x.keys()].filter((number) => graph.visible(number)).map((number) => {
    const { label, size } = graph.nodes[number];
    return shape(graph.shapes.get(label), canvas.x.get(number), canvas.y.get(number), size, xml(theme.types.get(label)));
  });
  const writer = new Writer();
  canvas.drawLabels(writer, null, view, scale);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view.left} ${view.top} ${wide} ${high}" width="${box.clientWidth}" height="${box.clientHeight}">`,
    `<title>${xml(graph.title)}</title>`,
    `<rect x="${view.left}" y="${view.top}" width="${wide}" height="${high}" fill="${xml(theme.ground)}"/>`,
    `<path d="${lines.join("")}" fill="none" stroke="${xml(theme.line)}" stroke-width="1"/>`,
    ...signs,
    `<g transform="translate(${view.left} ${view.top}) scale(${1 / scale})" text-anchor="middle" font-family="system-ui, sans-serif" paint-order="stroke" stroke-linejoin="round">`,
    ...writer.parts,
    "</g></svg>\n",
  ].join("\n");
}

/** One row a line; nodes without a line have a row of their own. */
export function csv(graph) {
  const { nodes, edges } = seen(graph);
  const lone = new Set(nodes);
  const rows = [["from", "from_type", "from_id", "relationship", "to", "to_type", "to_id", "confidence", "evidence"]];
  for (const edge of edges) {
    const [from, to] = [graph.nodes[edge.source], graph.nodes[edge.target]];
    lone.delete(from);
    lone.delete(to);
    rows.push([from.name, from.label, from.id, edge.type, to.name, to.label, to.id, edge.confidence ?? "", edge.evidence ?? ""]);
  }
  for (const node of lone) rows.push([node.name, node.label, node.id, "", "", "", "", "", ""]);
  return table(rows);
}

/** Rows as CSV. A spreadsheet takes a text that begins like a formula for one: an apostrophe keeps it a text. */
export function table(rows) {
  const cell = (value) => {
    const words = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\r\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
  };
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function json(graph) {
  const { nodes, edges } = seen(graph);
  const lines = edges.map(({ source, target, ...edge }) => edge);
  return `${JSON.stringify({ title: graph.title, nodes: nodes.map(({ size, caption, ...node }) => node), edges: lines }, null, 1)}\n`;
}

export function graphml(graph) {
  const { nodes, edges } = seen(graph);
  const data = (key, value) => (value === undefined || value === "" ? "" : `<data key="${key}">${xml(value)}</data>`);
  const keys = [["label", "node", "string"], ["name", "node", "string"], ["papers", "node", "long"], ["date", "node", "string"], ["url", "node", "string"], ["x", "node", "double"], ["y", "node", "double"], ["type", "edge", "string"], ["confidence", "edge", "double"], ["evidence", "edge", "string"]];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys.map(([name, of, type]) => `<key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`),
    '<graph edgedefault="directed">',
    ...nodes.map(({ id, label, name, properties, x, y }) => `<node id="${xml(id)}">${data("label", label)}${data("name", name)}${data("papers", properties.papers)}${data("date", properties.published ?? properties.first_seen)}${data("url", properties.url)}${data("x", x)}${data("y", y)}</node>`),
    ...edges.map((edge) => `<edge source="${xml(edge.from)}" target="${xml(edge.to)}">${data("type", edge.type)}${data("confidence", edge.confidence)}${data("evidence", edge.evidence)}</edge>`),
    "</graph>",
    "</graphml>\n",
  ].join("\n");
}
