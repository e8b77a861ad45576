/* The graph as the page knows it: nodes and edges by number, neighbours, search. Draws nothing. */
import { fold } from "./text.js";

const PLURALS = {
  Repository: "Repositories", Feed: "Feeds", Paper: "Papers", Model: "Models", Method: "Methods", Dataset: "Datasets",
  Benchmark: "Benchmarks", Task: "Tasks", Metric: "Metrics", Page: "Pages", Result: "Results", Author: "Authors",
};

const NO_FILTER = { from: null, to: null, sure: 0 };

export class Graph {
  constructor(payload) {
    this.title = payload.title;
    this.counts = payload.counts;
    this.types = payload.types;
    this.nodes = payload.nodes;
    this.edges = payload.edges;
    this.relationships = new Map(payload.relationship_types.map((type, order) => [type.name, { ...type, order }]));
    this.shapes = new Map(payload.types.map((type) => [type.name, type.shape]));
    this.hidden = new Set(payload.types.filter((type) => !type.shown).map((type) => type.name));
    this.dropped = new Set(); // nodes that were hidden one by one
    this.filter = { ...NO_FILTER, roles: new Set() };
    this.numbers = new Map(payload.nodes.map((node, number) => [node.id, number]));
    this.around = payload.nodes.map(() => []);
    this.edges.forEach((edge, number) => {
      edge.source = this.numbers.get(edge.from);
      edge.target = this.numbers.get(edge.to);
      this.around[edge.source].push(number);
      if (edge.target !== edge.source) this.around[edge.target].push(number);
    });
    this.sift();
  }

  /** What each node is looked for by: made when it is wanted. */
  get names() {
    this.folded ??= this.nodes.map((node) => [node.name, ...(node.properties.aliases ?? [])].map(fold));
    return this.folded;
  }

  /** Whether a filter beside the types is set. */
  get filtered() {
    const { roles, from, to, sure } = this.filter;
    return roles.size > 0 || from !== null || to !== null || sure > 0;
  }

  /** Work out what is shown: after each change of `hidden`, `dropped` or `filter`. */
  sift() {
    const { roles, from, to, sure } = this.filter;
    const dated = from !== null || to !== null;
    const inTime = ({ label, properties }) => {
      if (label !== "Paper" || !dated) return true;
      const year = Number((properties.published ?? "").slice(0, 4));
      return year > 0 && year >= (from ?? 0) && year <= (to ?? 9999);
    };
    this.shown = this.nodes.map((node, number) => !this.hidden.has(node.label) && !this.dropped.has(number) && inTime(node));
    this.lines = this.edges.map((edge) => this.shown[edge.source] && this.shown[edge.target] && !roles.has(edge.type) && (edge.confidence ?? 1) >= sure);
    if (!this.filtered) return;
    // What a filter leaves without a line says nothing in a picture; what had none before stays.
    this.shown = this.shown.map((shown, number) => shown && (!this.around[number].length || this.around[number].some((at) => this.lines[at])));
  }

  number(id) {
    return this.numbers.get(id);
  }

  /** How many lines end at a node. */
  degree(number) {
    return this.around[number].length;
  }

  visible(number) {
    return this.shown[number];
  }

  /** Whether a line is shown: both ends are, and no filter takes it out. */
  edgeVisible(at) {
    return this.lines[at];
  }

  /** The first and the last year of the papers. */
  years() {
    const years = this.nodes.flatMap((node) => (node.label === "Paper" && node.properties.published ? [Number(node.properties.published.slice(0, 4))] : []));
    return years.length ? [Math.min(...years), Math.max(...years)] : null;
  }

  /** The other end of an edge. */
  other(edge, number) {
    return edge.source === number ? edge.target : edge.source;
  }

  /** Weight of a node in lists: how many papers name it, else its lines. */
  weight(number) {
    return this.nodes[number].properties.papers ?? this.degree(number);
  }

  /** The neighbours of a node by relationship and direction, in the schema's order; what is unsure last. */
  groups(number) {
    const groups = new Map();
    for (const at of this.around[number]) {
      const edge = this.edges[at];
      const type = this.relationships.get(edge.type);
      const forward = edge.source === number;
      const key = `${forward ? 0 : 1} ${edge.type}`;
      if (!groups.has(key)) {
        const rank = type.order * 2 + (forward ? 0 : 1);
        groups.set(key, { key: forward ? `${edge.type}>` : `<${edge.type}`, type: edge.type, heading: forward ? type.forward : type.backward, about: type.about, rank, members: [] });
      }
      groups.get(key).members.push({ edge, at, number: this.other(edge, number) });
    }
    const sorted = [...groups.values()].sort((a, b) => a.rank - b.rank);
    for (const group of sorted) group.members.sort((a, b) => unsure(a.edge) - unsure(b.edge) || this.before(a.number, b.number));
    return sorted;
  }

  /** The order of a list of nodes: newest first, then what more papers name, then by name. */
  before(a, b) {
    const [one, other] = [this.nodes[a].properties.published ?? "", this.nodes[b].properties.published ?? ""];
    if (one !== other) return one > other ? -1 : 1;
    return this.weight(b) - this.weight(a) || this.nodes[a].name.localeCompare(this.nodes[b].name, "en") || a - b;
  }

  /** The nodes whose name or alias holds all words of `text`, best first. */
  search(text) {
    const query = fold(text).trim();
    if (!query) return [];
    const words = query.split(/\s+/);
    const found = [];
    this.names.forEach((names, number) => {
      let best = 9;
      names.forEach((name, order) => {
        const alias = order ? 1 : 0;
        if (name === query) best = Math.min(best, alias);
        else if (name.startsWith(query)) best = Math.min(best, 2 + alias);
        else if (name.includes(` ${query}`)) best = Math.min(best, 4 + alias);
        else if (words.every((word) => name.includes(word))) best = Math.min(best, 6 + alias);
      });
      if (best < 9) found.push({ number, best });
    });
    found.sort((a, b) => a.best - b.best || this.weight(b.number) - this.weight(a.number) || a.number - b.number);
    return found.map((entry) => entry.number);
  }
}

/** Whether a relationship is called unsure: it stands behind the others. */
export const unsure = ({ confidence }) => confidence !== undefined && confidence < 0.7;

export const plural = (type) => PLURALS[type] ?? type;
