/* The picture in the served explorer: the server says what is in it and where, the address says all of it. */
import { Graph } from "./graph.js";
import { nodePanel } from "./panel.js";
import { Stage, at } from "./stage.js";
import { count, digits, el, quote, sign } from "./text.js";

// What the server needs to know to make the picture; the rest of the address is done here.
const ASKED = new Set(["around", "most", "path", "to", "ids", "query", "cypher", "add", "rows", "seconds"]);
const MORE = 20; // neighbours a double click adds
const WIDER = [300, 800, 2000]; // how far "more of it" goes

/** What draws: a large file that only pictures want. */
export function drawing() {
  return import("./vis-network.js");
}

/** Types, filters and hidden nodes of a graph, to compare. */
function stateOf(graph) {
  const { roles, from, to, sure } = graph.filter;
  return JSON.stringify([[...graph.hidden].sort(), [...roles].sort(), from, to, sure, [...graph.dropped].sort()]);
}

export class Workspace extends Stage {
  constructor(app) {
    super();
    this.app = app;
    this.past = [];
    this.asked = null;
    this.start = null; // a node picked as the beginning of a path
    at("undo").addEventListener("click", () => this.undo());
  }

  /** Show what the address says: fetch a picture where it is another one, else only turn to what is chosen. */
  async show(params) {
    const wanted = [...params].filter(([name]) => ASKED.has(name) || name.startsWith("p."));
    const asked = String(new URLSearchParams(wanted));
    this.params = params;
    if (asked !== this.asked) {
      const began = performance.now();
      delete document.documentElement.dataset.state;
      const [answer] = await Promise.all([this.app.get("graph", wanted), drawing()]);
      if (params !== this.params) return;
      const base = String(new URLSearchParams(wanted.filter(([name]) => name !== "add")));
      const view = base === this.base && this.canvas ? this.canvas.view : null;
      Object.assign(this, { asked, base, about: answer.about, picked: null });
      this.load(answer.facts, answer.picture, view);
      this.clicked = view !== null; // what was added to stays where it is
      performance.measure("kg-picture", { start: began });
    } else {
      document.documentElement.dataset.state = "drawn";
      this.canvas?.redraw();
    }
    this.apply(params);
    document.title = `${this.graph.title} · paper-kg`;
    at("counts").textContent = `${this.graph.title}: ${count(this.graph.nodes.length, "node")}, ${count(this.graph.edges.length, "relationship")}`;
    this.showTable(params.get("as") === "table");
    this.describe();
    await this.turnTo(params.get("sel"));
  }

  /** Types, filters, hidden and pinned nodes as the address has them. */
  apply(params) {
    const { graph, canvas } = this;
    const before = stateOf(graph);
    if (params.has("off")) graph.hidden = new Set(params.get("off").split(",").filter(Boolean));
    else graph.hidden = new Set(graph.types.filter((type) => !type.shown).map((type) => type.name));
    const number = (name) => (/^\d{1,4}$/.test(params.get(name) ?? "") ? Number(params.get(name)) : null);
    const sure = Number(params.get("sure"));
    Object.assign(graph.filter, { roles: new Set((params.get("without") ?? "").split(",").filter(Boolean)), from: number("from"), to: number("until"), sure: sure > 0 && sure < 1 ? sure : 0 });
    graph.dropped = new Set(params.getAll("hide").map((id) => graph.number(id)).filter((one) => one !== undefined));
    if (stateOf(graph) !== before) this.refilter();
    at("undo").hidden = !this.past.length;
    if (!canvas) return;
    const pins = new Map(params.getAll("pin").flatMap((text) => {
      const found = /^(.*)@(-?[\d.]+),(-?[\d.]+)$/s.exec(text);
      const one = found ? graph.number(found[1]) : undefined;
      return one === undefined ? [] : [[one, [Number(found[2]), Number(found[3])]]];
    }));
    for (const one of new Set([...canvas.pins, ...pins.keys()])) {
      const { x, y } = graph.nodes[one];
      canvas.place(one, ...(pins.get(one) ?? [x, y]));
    }
    canvas.pins = new Set(pins.keys());
    canvas.ways = this.pathLines();
    canvas.anchor = graph.number(this.about.centre) ?? null;
  }

  /** The lines of the paths that this picture is about. */
  pathLines() {
    const pairs = new Set((this.about.ways ?? []).flatMap((way) => way.slice(1).map((id, order) => `${way[order]}\n${id}`)));
    return new Set(this.graph.edges.flatMap((edge, at) => (pairs.has(`${edge.from}\n${edge.to}`) || pairs.has(`${edge.to}\n${edge.from}`) ? [at] : [])));
  }

  /** What is not in the picture: said, with a way to more. */
  describe() {
    const { about, graph } = this;
    const said = [];
    const adds = new Map((about.steps ?? []).map((step) => [step.id, step]));
    const last = [...adds.values()].at(-1);
    if (last) {
      const name = graph.nodes[graph.number(last.id)]?.name ?? "the node";
      said.push(last.added || last.left ? `${count(last.added, "neighbour")} of ${name} added${last.left ? `, ${digits(last.left)} more are not in the picture` : ""}.` : `All neighbours of ${name} are in the picture.`);
    }
    if (about.cut) said.push("The answer was cut at the row limit.");
    const more = last?.left ? el("button", { type: "button", class: "linked", text: `Show ${Math.min(MORE, last.left)} more`, on: { click: () => this.expand(last.id, last.type) } }) : "";
    at("notice").replaceChildren(...said.flatMap((text) => [text, " "]), more);
    at("notice").hidden = !said.length;
  }

  get actions() {
    return {
      ...super.actions,
      select: (node) => this.walk(node),
      canGoBack: () => (history.state?.step ?? 0) > 0,
      address: (node) => this.app.graphOf(node.id),
      tools: (node) => this.tools(node),
      intro: () => this.intro(),
      counted: (group) => ({ ...group, total: this.totals?.[group.key] }),
      more: (group, skip, most) => this.more(group, skip, most),
      groupTool: (group) => this.groupTool(group),
    };
  }

  /** Go on to a node: in this picture where it is in it, else in a picture of its own. */
  walk(node) {
    const number = this.graph.number(node.id);
    if (number === undefined) this.app.go(this.app.graphOf(node.id));
    else this.go(number);
  }

  go(number) {
    if (this.start !== null && number !== null) this.pathTo(this.graph.nodes[number].id);
    else this.visit((params) => (number === null ? params.delete("sel") : params.set("sel", this.graph.nodes[number].id)), { selecting: true });
  }

  /** The other end of the path whose beginning was picked. */
  pathTo(to) {
    const from = this.start;
    this.start = null;
    document.body.classList.remove("picking");
    if (from !== to) this.app.go(`/?${new URLSearchParams([["v", "graph"], ["path", from], ["to", to]])}`);
  }

  /** What was hidden and is chosen is shown again, and the address says so. */
  unhide(number) {
    super.unhide(number);
    const { id } = this.graph.nodes[number];
    this.changed((params) => {
      const rest = params.getAll("hide").filter((one) => one !== id);
      params.delete("hide");
      for (const one of rest) params.append("hide", one);
    });
  }

  /** Change the address by `change` and show what it says then. */
  visit(change, { selecting = false } = {}) {
    const params = new URLSearchParams(location.search);
    const before = String(params);
    change(params);
    if (String(params) === before) {
      this.show(params);
      return;
    }
    if (!selecting) this.past.push(location.pathname + location.search);
    this.app.go(`/?${params}`);
  }

  undo() {
    const before = this.past.pop();
    if (before) this.app.go(before);
    at("undo").hidden = !this.past.length;
  }

  /** Choose a node: what is in the picture stands out, all that the graph knows of it fills the panel. */
  async turnTo(id) {
    const number = id ? this.graph.number(id) ?? null : null;
    if (this.picked === id && number !== null) {
      this.canvas?.redraw();
      return;
    }
    this.picked = id;
    this.totals = null;
    super.choose(number);
    if (number === null) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const answer = await this.app.get("node", [["id", id]]);
    if (turn !== this.turn || this.picked !== id) return;
    const own = new Graph(answer);
    this.totals = answer.totals;
    this.fill(nodePanel(own, own.number(id), this.actions));
  }

  async more(group, skip, most) {
    const id = this.picked;
    const answer = await this.app.get("node", [["id", id], ["kind", group.key], ["skip", skip], ["most", most]]);
    const graph = new Graph(answer);
    return { graph, members: graph.groups(graph.number(id)).find((one) => one.key === group.key)?.members ?? [] };
  }

  /** What can be done with the chosen node. */
  tools(node) {
    const number = this.graph.number(node.id);
    const button = (text, title, click, more = {}) => el("button", { type: "button", class: "tool", title, text, on: { click }, ...more });
    const pinned = this.canvas?.pins.has(number);
    const profile = /^(Model|Method|Dataset|Benchmark|Task|Metric)$/.test(node.label);
    return el("div", { class: "toolbar", role: "group", "aria-label": "With this node" },
      profile ? el("a", { class: "tool strong", href: this.app.profileOf(node.id), "data-go": true, text: "Profile" }) : null,
      button("Expand", "Add its neighbours (double click)", () => this.expand(node.id)),
      button("Focus", "A picture of its own", () => this.app.go(this.app.graphOf(node.id))),
      button("Path…", "The shortest way from here to another node", () => this.pick(node.id)),
      button(pinned ? "Unpin" : "Pin", pinned ? "Back to the place it had" : "Keep it where it is", () => this.pin([number], pinned)),
      button("Hide", "Take it out of the picture", () => this.visit((params) => {
        params.append("hide", node.id);
        params.delete("sel");
      })));
  }

  /** Beside the heading of a kind of neighbours: draw them. */
  groupTool(group) {
    return el("button", { type: "button", class: "add", title: `Draw ${MORE} more of these`, "aria-label": `Draw ${MORE} more: ${group.heading}`, text: "+ draw", on: { click: () => this.expand(this.picked, group.type) } });
  }

  /** What this picture is, above the list of what is named most in it. */
  intro() {
    const { about, graph } = this;
    const centre = about.centre ? graph.nodes[graph.number(about.centre)] : null;
    if (about.ways) {
      const steps = about.ways[0].length - 1;
      return el("div", { class: "intro" }, el("h2", { text: about.ways.length > 1 ? "Shortest paths" : "Shortest path" }), el("p", { class: "hint", text: `${count(steps, "step")}; through the rarest things first.` }), el("ol", { class: "paths" }, ...about.ways.map((way, order) => el("li", {}, this.way(way, !order)))));
    }
    if (!centre) return null;
    const total = about.neighbours;
    const asked = Number(this.params.get("most")) || 120;
    const wider = graph.nodes.length > asked * 0.8 ? WIDER.find((most) => most > asked) : undefined;
    const more = wider ? el("button", { type: "button", class: "more", text: `Draw up to ${digits(wider)} nodes`, on: { click: () => this.visit((params) => params.set("most", String(wider))) } }) : null;
    return el("div", { class: "intro" },
      el("h2", {}, "Around ", el("button", { type: "button", class: "linked", dir: "auto", text: centre.name, on: { click: () => this.walk(centre) } })),
      el("p", { class: "hint", text: `${count(total, "neighbour")} in the graph; drawn are ${count(graph.nodes.length, "node")}: the nearest, and what those share.` }), more);
  }

  /** One path: its nodes in a row, and below the sentence of each step. */
  way(ids, open) {
    const { graph } = this;
    const nodes = ids.map((id) => graph.nodes[graph.number(id)]);
    const chain = nodes.flatMap((node, order) => [order ? el("span", { class: "arrow", "aria-hidden": "true", text: "–" }) : null, el("button", { type: "button", class: "node", on: { click: () => this.walk(node) } }, sign(node.label, graph.shapes.get(node.label)), el("span", { class: "name", dir: "auto", text: node.caption }))]);
    const said = ids.slice(1).flatMap((id, order) => {
      const edge = graph.edges.find((one) => (one.from === ids[order] && one.to === id) || (one.to === ids[order] && one.from === id));
      if (!edge) return [];
      const verb = `${graph.nodes[edge.source].caption} ${graph.relationships.get(edge.type).forward.toLowerCase()} ${graph.nodes[edge.target].caption}`;
      return [el("li", {}, el("span", { class: "aside", dir: "auto", text: verb }), quote(edge, graph.nodes[edge.target].label))];
    });
    return el("div", { class: "way" }, el("div", { class: "chain" }, ...chain), el("details", { open }, el("summary", { text: "The sentences" }), el("ul", {}, ...said)));
  }

  /** Add neighbours of a node; again, and there are more. */
  expand(id, type = "") {
    this.visit((params) => {
      const steps = params.getAll("add");
      const same = (step) => step.split("|")[0] === id && (step.split("|")[1] ?? "") === type;
      const before = steps.find(same);
      const most = before ? (Number(before.split("|")[2]) || MORE) + MORE : MORE;
      params.delete("add");
      for (const step of [...steps.filter((one) => !same(one)), most === MORE && !type ? id : `${id}|${type}|${most}`]) params.append("add", step);
    });
  }

  open(number) {
    this.expand(this.graph.nodes[number].id);
  }

  pick(id) {
    this.start = id;
    document.body.classList.add("picking");
    at("notice").replaceChildren("Choose the other end of the path: click a node, or search for one. ", el("button", { type: "button", class: "linked", text: "Cancel", on: { click: () => {
      this.start = null;
      document.body.classList.remove("picking");
      this.describe();
    } } }));
    at("notice").hidden = false;
  }

  /** Keep nodes where they stand, or give them back the place they had. */
  pin(numbers, off = false) {
    const { canvas, graph } = this;
    this.picked = null;
    this.clicked = true;
    this.visit((params) => {
      const ids = new Set(numbers.map((one) => graph.nodes[one].id));
      const kept = params.getAll("pin").filter((text) => !ids.has(text.slice(0, text.lastIndexOf("@"))));
      params.delete("pin");
      const fresh = off ? [] : numbers.map((one) => `${graph.nodes[one].id}@${canvas.x.get(one).toFixed(0)},${canvas.y.get(one).toFixed(0)}`);
      for (const text of [...kept, ...fresh]) params.append("pin", text);
    });
  }

  moved(numbers) {
    this.pin(numbers);
  }

  /** Types and filters go into the address. */
  changed(more = () => {}) {
    const { graph } = this;
    const { roles, from, to, sure } = graph.filter;
    this.visit((params) => {
      const set = (name, value) => (value === null || value === "" || value === 0 ? params.delete(name) : params.set(name, String(value)));
      const usual = graph.types.filter((type) => !type.shown).map((type) => type.name);
      const off = [...graph.hidden];
      if (off.length === usual.length && off.every((name) => usual.includes(name))) params.delete("off");
      else params.set("off", off.join(","));
      set("without", [...roles].join(","));
      set("from", from);
      set("until", to);
      set("sure", sure);
      more(params);
    });
  }

  showTable(table) {
    if (table === at("table-view").hidden || table) super.showTable(table);
    if (!this.params || (this.params.get("as") === "table") === table) return;
    this.visit((params) => (table ? params.set("as", "table") : params.delete("as")), { selecting: true });
  }
}
