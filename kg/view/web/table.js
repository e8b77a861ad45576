/* The same nodes as a table: sorted by a click on a heading, filtered by the search box and the legend. */
import { count, day, digits, el, sign } from "./text.js";

const STEP = 200;
const COLUMNS = [
  { key: "name", title: "Name", up: true, value: (graph, number) => graph.nodes[number].name },
  { key: "type", title: "Type", up: true, value: (graph, number) => graph.nodes[number].label },
  { key: "papers", title: "Papers", number: true, value: (graph, number) => graph.nodes[number].properties.papers ?? -1 },
  { key: "lines", title: "Relationships", number: true, value: (graph, number) => graph.degree(number) },
  { key: "date", title: "Date", value: (graph, number) => date(graph.nodes[number]) },
];

const date = (node) => node.properties.published ?? node.properties.first_seen ?? "";

export class Table {
  constructor(box, graph, actions) {
    Object.assign(this, { box, graph, actions, by: COLUMNS[3], up: false, limit: STEP, matches: null });
  }

  /** Show only these nodes; null shows all. */
  filter(matches) {
    this.matches = matches;
    this.limit = STEP;
    this.draw();
  }

  rows() {
    const { graph, by } = this;
    const numbers = (this.matches ?? graph.nodes.map((_, number) => number)).filter((number) => graph.visible(number));
    const turn = this.up ? 1 : -1;
    const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b, "en") : a - b);
    return numbers.sort((a, b) => turn * compare(by.value(graph, a), by.value(graph, b)) || a - b);
  }

  draw() {
    if (this.box.hidden) return;
    const rows = this.rows();
    const shown = rows.slice(0, this.limit);
    const heads = COLUMNS.map((column) => {
      const sorted = column === this.by;
      const sort = () => {
        this.up = sorted ? !this.up : Boolean(column.up);
        this.by = column;
        this.draw();
        this.box.querySelector(`th[data-key="${column.key}"] button`).focus();
      };
      const arrow = el("span", { class: "arrow", "aria-hidden": "true", text: sorted ? (this.up ? "↑" : "↓") : "" });
      const button = el("button", { type: "button", on: { click: sort } }, column.title, arrow);
      const props = { scope: "col", "data-key": column.key, class: column.number && "numeric" };
      return el("th", { ...props, "aria-sort": sorted ? (this.up ? "ascending" : "descending") : "none" }, button);
    });
    const caption = rows.length === shown.length ? count(rows.length, "node") : `${count(shown.length, "node")} of ${digits(rows.length)}`;
    const table = el("table", {}, el("caption", { text: caption }), el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...shown.map((number) => this.row(number))));
    this.box.replaceChildren(table);
    if (rows.length > shown.length) {
      const more = () => {
        this.limit += STEP;
        this.draw();
      };
      this.box.append(el("button", { type: "button", class: "more", text: `Show ${Math.min(STEP, rows.length - shown.length)} more`, on: { click: more } }));
    }
  }

  row(number) {
    const { graph } = this;
    const node = graph.nodes[number];
    const name = el("button", { type: "button", class: "node", dir: "auto", text: node.name, on: { click: () => this.actions.select(node) } });
    return el("tr", {},
      el("th", { scope: "row" }, name),
      el("td", { class: "type" }, sign(node.label, graph.shapes.get(node.label)), node.label),
      el("td", { class: "numeric", text: node.properties.papers === undefined ? "" : String(node.properties.papers) }),
      el("td", { class: "numeric", text: String(graph.degree(number)) }),
      el("td", { class: "date", text: day(date(node)) }),
    );
  }
}
