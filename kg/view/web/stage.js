/* The picture with what belongs to it: legend, filters, panel, table, and what can be saved. Two pages are made of it. */
import { Canvas } from "./canvas.js";
import { Graph, plural } from "./graph.js";
import { overviewPanel, nodePanel, relationshipPanel } from "./panel.js";
import { SAVED, save } from "./save.js";
import { Table } from "./table.js";
import { count, digits, el, sign } from "./text.js";

export const at = (id) => document.getElementById(id);

/** Draws one graph at a time. A page says in a subclass what a choice leads to: `go`, `actions`, `changed`. */
export class Stage {
  constructor() {
    this.graph = null;
    this.canvas = null;
    this.table = null;
    this.listen();
  }

  /** Show a graph; `view` is where the view stood in another one. */
  load(payload, picture, view = null) {
    this.canvas?.destroy();
    this.canvas = null;
    this.graph = new Graph(payload);
    this.table = new Table(at("table-view"), this.graph, this.actions);
    this.legend();
    this.filters();
    if (this.graph.nodes.length) {
      this.canvas = new Canvas(at("canvas"), this.graph, picture, {
        insets: () => this.insets(),
        covers: () => this.covers(),
        select: (number) => {
          this.clicked = true;
          this.go(number);
        },
        open: (number) => this.open(number),
        moved: (numbers) => this.moved(numbers),
        selectEdge: (edge) => this.chooseEdge(edge),
        clear: () => this.go(null),
        hover: (number, edge, point) => this.tip(at("tip"), number, edge, point),
      }, view);
      this.unseen = at("graph-view").hidden; // made while the table is shown: it has no size yet
    } else document.documentElement.dataset.state = "drawn";
  }

  /** What a double click on a node does, and what is done after nodes were dragged: for pages that can do more. */
  open() {}

  moved() {}

  /** Called when filters or types changed. */
  changed() {}

  get actions() {
    return {
      select: (node) => this.go(this.graph.number(node.id)),
      back: () => history.back(),
      canGoBack: () => this.step > 0,
      close: () => this.go(null),
      address: (node) => `#${this.address(this.graph.number(node.id))}`,
      point: (node) => this.point(node ? this.graph.number(node.id) : null),
    };
  }

  listen() {
    at("zoom-in").addEventListener("click", () => this.canvas?.zoom(1.5));
    at("zoom-out").addEventListener("click", () => this.canvas?.zoom(1 / 1.5));
    at("zoom-fit").addEventListener("click", () => this.canvas?.fit());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.canvas?.retheme());
    at("show-graph").addEventListener("click", () => this.showTable(false));
    at("show-table").addEventListener("click", () => this.showTable(true));
    document.querySelector("a.skip").addEventListener("click", (event) => {
      event.preventDefault();
      this.showTable(true);
      at("table-view").focus();
    });
    this.menu("filter", "filters");
    this.menu("save", "saves");
    at("saves").replaceChildren(...Object.entries(SAVED).map(([form, title]) =>
      el("button", { type: "button", role: "menuitem", "data-form": form, text: title, on: { click: () => this.save(form) } })));
  }

  /** A button that opens a box, and what closes it again. */
  menu(button, box) {
    const set = (open) => {
      at(box).hidden = !open;
      at(button).setAttribute("aria-expanded", String(open));
    };
    at(button).addEventListener("click", () => set(at(box).hidden));
    addEventListener("pointerdown", (event) => {
      if (!at(box).hidden && !at(box).contains(event.target) && !at(button).contains(event.target)) set(false);
    });
    for (const element of [at(box), at(button)]) {
      element.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || at(box).hidden) return;
        event.stopPropagation();
        set(false);
        at(button).focus();
      });
    }
    at(box).addEventListener("focusout", (event) => {
      if (event.relatedTarget && !at(box).contains(event.relatedTarget) && event.relatedTarget !== at(button)) set(false);
    });
  }

  async save(form) {
    at("status").textContent = await save(form, this);
    at("save").click();
    at("save").focus();
  }

  /** A word beside the pointer: what it is over. */
  tip(box, number, edge, point) {
    box.hidden = (number === null && edge === null) || matchMedia("(hover: none)").matches; // a finger would lie on it
    if (box.hidden) return;
    const { graph } = this;
    if (number !== null) {
      const { label, name, properties } = graph.nodes[number];
      const more = properties.papers === undefined ? count(graph.degree(number), "relationship") : `named by ${count(properties.papers, "paper")}`;
      box.replaceChildren(el("strong", { dir: "auto", text: name }), el("span", {}, sign(label, graph.shapes.get(label)), `${label} · ${more}`));
    } else {
      const { source, target, type } = graph.edges[edge];
      const verb = graph.relationships.get(type).forward.toLowerCase();
      box.replaceChildren(el("span", { dir: "auto", text: `${graph.nodes[source].caption} ${verb} ${graph.nodes[target].caption}` }));
    }
    const { clientWidth, clientHeight } = box.parentElement;
    box.style.left = `${Math.max(4, Math.min(point.x + 14, clientWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${point.y + 18 + box.offsetHeight > clientHeight ? point.y - box.offsetHeight - 10 : point.y + 18}px`;
  }

  /** Show a node of the panel in the picture while the pointer is on its name. */
  point(number) {
    if (!this.canvas) return;
    const there = number !== null && number !== undefined && this.canvas.drawn(number) && this.graph.visible(number);
    this.canvas.hovered = there ? number : null;
    this.canvas.redraw();
  }

  /** Put a node (or none) into the panel and into the light. */
  choose(number) {
    const { canvas, graph } = this;
    this.fill(number === null ? overviewPanel(graph, this.actions) : nodePanel(graph, number, this.actions));
    document.body.classList.toggle("chosen", number !== null);
    if (number !== null) at("status").textContent = `${graph.nodes[number].label} ${graph.nodes[number].name}`;
    if (!canvas) return;
    canvas.selected = number;
    canvas.selectedEdge = null;
    canvas.hovered = null;
    canvas.matches = null;
    at("tip").hidden = true;
    if (number !== null) {
      if (!graph.visible(number)) this.unhide(number);
      canvas.add(number);
      // A click in the picture leaves the view alone; who comes from elsewhere is shown where the node is.
      if (!this.clicked) canvas.reveal(number);
    }
    this.clicked = false;
    canvas.redraw();
  }

  /** What was hidden and is chosen is shown again. */
  unhide(number) {
    const { graph } = this;
    graph.dropped.delete(number);
    graph.hidden.delete(graph.nodes[number].label);
    graph.sift();
    if (!graph.visible(number)) Object.assign(graph.filter, { roles: new Set(), from: null, to: null, sure: 0 });
    this.refilter();
  }

  /** New content for the panel; the button that led here may be gone, so go on from the panel's head. */
  fill(content) {
    const panel = at("panel");
    const walking = panel.contains(document.activeElement);
    const scrolled = panel.scrollTop > 0; // asked before anything changes: the browser need not lay out the page for it
    panel.replaceChildren(...content);
    if (scrolled) panel.scrollTop = 0;
    if (walking) panel.focus({ preventScroll: true });
  }

  chooseEdge(edge) {
    const { canvas, graph } = this;
    this.fill(relationshipPanel(graph, edge, { ...this.actions, back: () => this.follow(), canGoBack: () => true }));
    document.body.classList.add("chosen");
    canvas.selectedEdge = edge;
    canvas.selected = null;
    canvas.hovered = null;
    at("tip").hidden = true;
    canvas.redraw();
  }

  /** What lies over the picture, and from which side: the legend, on a phone the panel. */
  insets() {
    const [legend, panel] = [getComputedStyle(at("legend")), getComputedStyle(at("panel"))];
    const left = legend.position === "absolute" ? at("legend").offsetWidth + 14 : 0;
    const sheet = panel.position === "fixed" && panel.display !== "none";
    return { left, bottom: sheet ? at("panel").offsetHeight : 0 };
  }

  /** The boxes over the picture that labels keep out of, as [left, top, right, bottom]. */
  covers() {
    const { left, top } = at("canvas").getBoundingClientRect();
    return [at("legend"), ...document.querySelectorAll(".zoom, .tools")].map((element) => {
      const box = element.getBoundingClientRect();
      return [box.left - left, box.top - top, box.right - left, box.bottom - top];
    });
  }

  /** The legend: a button a type, pressed while the type is shown. */
  legend() {
    const { graph } = this;
    const all = el("button", { type: "button", class: "quiet all", text: "Show all", on: { click: () => this.showTypes(null) } });
    const rows = graph.types.map((type) => {
      const only = el("button", { type: "button", class: "quiet only", text: "only", "aria-label": `Only ${plural(type.name)}` });
      only.addEventListener("click", () => this.showTypes(type.name));
      const button = el("button", { type: "button", class: "type", title: type.about, "data-name": type.name, on: { click: () => this.toggle(type.name) } },
        sign(type.name, type.shape), el("span", { class: "name", text: plural(type.name) }), el("span", { class: "number", text: digits(type.count) }));
      return el("li", {}, button, only);
    });
    at("legend").replaceChildren(el("div", { class: "legend-head" }, el("h2", { text: "Types" }), all), el("ul", {}, ...rows));
    this.pressed();
  }

  pressed() {
    for (const button of at("legend").querySelectorAll("button.type")) {
      button.setAttribute("aria-pressed", String(!this.graph.hidden.has(button.dataset.name)));
    }
    at("legend").querySelector(".all").hidden = !this.graph.hidden.size;
  }

  toggle(type) {
    const { hidden } = this.graph;
    if (!hidden.delete(type)) hidden.add(type);
    this.retype();
  }

  /** Show one type only, or all of them. */
  showTypes(only) {
    this.graph.hidden = new Set(only === null ? [] : this.graph.types.map((type) => type.name).filter((name) => name !== only));
    this.retype();
  }

  retype() {
    this.resift();
    const off = [...this.graph.hidden].map(plural).join(", ");
    at("status").textContent = off ? `Hidden: ${off}` : "All types are shown";
    this.changed();
  }

  /** Put changed types and filters into effect. */
  resift() {
    this.graph.sift();
    this.pressed();
    at("filter").classList.toggle("set", this.graph.filtered);
    this.canvas?.refresh();
    this.table.draw();
  }

  /** The box of filters: by relationship, by year, by confidence. */
  filters() {
    const { graph } = this;
    const { filter } = graph;
    const roles = [...graph.relationships.values()].map((type) => {
      const box = el("input", { type: "checkbox", checked: !filter.roles.has(type.name), value: type.name });
      box.addEventListener("change", () => {
        if (box.checked) filter.roles.delete(type.name);
        else filter.roles.add(type.name);
        this.filterChanged();
      });
      return el("label", { title: type.about }, box, el("span", { text: type.forward }), el("span", { class: "number", text: digits(type.count ?? 0) }));
    });
    const years = graph.years();
    const year = (key, name) => {
      const box = el("input", { type: "number", min: years?.[0], max: years?.[1], step: 1, placeholder: years?.[key === "from" ? 0 : 1], value: filter[key], "aria-label": name });
      box.addEventListener("change", () => {
        filter[key] = box.value === "" ? null : Number(box.value);
        this.filterChanged();
      });
      return box;
    };
    const said = el("output", { text: filter.sure ? `${filter.sure.toFixed(2)} or more` : "any" });
    const sure = el("input", { type: "range", min: 0, max: 0.95, step: 0.05, value: filter.sure, "aria-label": "Least confidence" });
    sure.addEventListener("input", () => {
      filter.sure = Number(sure.value);
      said.textContent = filter.sure ? `${filter.sure.toFixed(2)} or more` : "any";
      this.resift();
    });
    sure.addEventListener("change", () => this.filterChanged());
    const clear = el("button", { type: "button", class: "quiet all", text: "Clear filters", on: { click: () => this.clearFilters() } });
    at("filters").replaceChildren(...[
      years ? el("fieldset", {}, el("legend", { text: "Years of papers" }), el("div", { class: "years" }, year("from", "From year"), "to", year("to", "To year"))) : null,
      el("fieldset", {}, el("legend", {}, "Confidence: ", said), sure),
      el("fieldset", { class: "roles" }, el("legend", { text: "Relationships" }), ...roles),
      clear,
    ].filter(Boolean));
    at("filter").classList.toggle("set", graph.filtered);
  }

  clearFilters() {
    Object.assign(this.graph.filter, { roles: new Set(), from: null, to: null, sure: 0 });
    this.refilter();
    this.filterChanged();
  }

  /** The box as the filter is. */
  refilter() {
    this.filters();
    this.resift();
  }

  filterChanged() {
    this.resift();
    at("status").textContent = `${count(this.graph.shown.filter(Boolean).length, "node")} shown`;
    this.changed();
  }

  showTable(table) {
    at("table-view").hidden = !table;
    at("graph-view").hidden = table;
    at("show-table").setAttribute("aria-pressed", String(table));
    at("show-graph").setAttribute("aria-pressed", String(!table));
    document.body.classList.toggle("tabled", table);
    if (table) {
      this.table?.draw();
      document.documentElement.dataset.state = "drawn";
    } else if (this.canvas) {
      this.canvas.network.setSize("100%", "100%");
      this.canvas.redraw();
      if (this.unseen) this.canvas.fit(false);
      this.unseen = false;
    }
  }
}
