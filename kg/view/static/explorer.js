"use strict";
/* Puts the page together: search, legend, panel, table and picture, and the address that says what is chosen. */
KG.explorer = (() => {
  const { el, count, sign } = KG.text;
  const at = (id) => document.getElementById(id);
  const MATCHES = 8;

  class Explorer {
    constructor(payload, picture) {
      this.graph = new KG.graph.Graph(payload);
      this.actions = {
        select: (number) => this.go(number),
        back: () => history.back(),
        canGoBack: () => this.step > 0,
        close: () => this.go(null),
        address: (number) => this.address(number),
        point: (number) => this.point(number),
      };
      this.step = -1;
      this.describe();
      this.table = new KG.table.Table(at("table-view"), this.graph, this.actions);
      this.canvas = this.graph.nodes.length ? this.picture(picture) : null;
      if (!this.canvas) document.documentElement.dataset.state = "drawn";
      this.legend();
      this.searching();
      this.switching();
      addEventListener("hashchange", () => this.follow());
      this.follow();
    }

    /** Title, counts, and what is not in the picture: never left out silently. */
    describe() {
      const { title, counts, nodes } = this.graph;
      document.title = title;
      at("title").textContent = title;
      const papers = nodes.filter((node) => node.label === "Paper").length;
      const parts = papers ? [count(papers, "paper"), count(counts.nodes - papers, "other node")] : [count(counts.nodes, "node")];
      at("counts").textContent = [...parts, count(counts.relationships, "relationship")].join(" · ");
      const said = [];
      if (counts.drawn_nodes < counts.listed_nodes) {
        said.push(`Drawn are the ${counts.drawn_nodes.toLocaleString("en")} best-connected of ${count(counts.nodes, "node")}. The search and the table hold ${counts.listed_nodes < counts.nodes ? "more" : "all"}; choosing one draws it.`);
      }
      if (counts.listed_nodes < counts.nodes) {
        said.push(`${count(counts.nodes - counts.listed_nodes, "node")} and ${count(counts.relationships - counts.listed_relationships, "relationship")} are not in this page at all: narrow the query to see them.`);
      }
      if (counts.loose_relationships) {
        said.push(`${count(counts.loose_relationships, "relationship")} left out, an end of which is not among the nodes.`);
      }
      at("notice").textContent = said.join(" ");
      at("notice").hidden = !said.length;
    }

    picture(picture) {
      const tip = at("tip");
      const canvas = new KG.canvas.Canvas(at("canvas"), this.graph, picture, {
        insets: () => this.insets(),
        covers: () => this.covers(),
        select: (number) => {
          this.clicked = true;
          this.go(number);
        },
        selectEdge: (edge) => this.chooseEdge(edge),
        clear: () => this.go(null),
        hover: (number, edge, point) => this.tip(tip, number, edge, point),
      });
      at("zoom-in").addEventListener("click", () => canvas.zoom(1.5));
      at("zoom-out").addEventListener("click", () => canvas.zoom(1 / 1.5));
      at("zoom-fit").addEventListener("click", () => canvas.fit());
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => canvas.retheme());
      return canvas;
    }

    /** A word beside the pointer: what it is over. */
    tip(box, number, edge, point) {
      box.hidden = number === null && edge === null;
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
      this.canvas.hovered = number !== null && this.canvas.drawn(number) && this.graph.visible(number) ? number : null;
      this.canvas.network.redraw();
    }

    /** The address says which node is chosen, so that a walk can be gone back and a place be passed on. */
    go(number) {
      const wanted = number === null ? "" : this.address(number);
      if (location.hash.slice(1) === wanted) this.follow();
      else location.hash = wanted;
    }

    address(number) {
      try {
        return encodeURIComponent(this.graph.nodes[number].id);
      } catch {
        return `node-${number}`; // an id that is no text has no address: its number has
      }
    }

    /** Choose what the address says. Each place on the walk knows its number, so that going back ends on this page. */
    follow() {
      if (history.state?.step === undefined) history.replaceState({ step: this.step + 1 }, "");
      this.step = history.state.step;
      let wanted = "";
      try {
        wanted = decodeURIComponent(location.hash.slice(1));
      } catch {
        // An address that nobody here wrote: nothing is chosen.
      }
      const byNumber = /^node-(\d+)$/.exec(wanted);
      this.choose(this.graph.number(wanted) ?? (byNumber && this.graph.nodes[byNumber[1]] ? Number(byNumber[1]) : null));
    }

    choose(number) {
      const { canvas, graph } = this;
      const panel = at("panel");
      const walking = panel.contains(document.activeElement);
      panel.replaceChildren(...(number === null ? KG.panel.overview(graph, this.actions) : KG.panel.node(graph, number, this.actions)));
      panel.scrollTop = 0;
      document.body.classList.toggle("chosen", number !== null);
      if (number !== null) at("status").textContent = `${graph.nodes[number].label} ${graph.nodes[number].name}`;
      // The button that led here is gone: go on from the head of the panel.
      if (walking) panel.focus({ preventScroll: true });
      if (!canvas) return;
      canvas.selected = number;
      canvas.selectedEdge = null;
      canvas.hovered = null;
      canvas.matches = null;
      at("tip").hidden = true;
      if (number !== null) {
        if (!graph.visible(number)) this.toggle(graph.nodes[number].label);
        canvas.add(number);
        // A click in the picture leaves the view alone; who comes from elsewhere is shown where the node is.
        if (!this.clicked) canvas.reveal(number);
      }
      this.clicked = false;
      canvas.network.redraw();
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
      return [at("legend"), document.querySelector(".zoom")].map((element) => {
        const box = element.getBoundingClientRect();
        return [box.left - left, box.top - top, box.right - left, box.bottom - top];
      });
    }

    chooseEdge(edge) {
      const { canvas, graph } = this;
      at("panel").replaceChildren(...KG.panel.relationship(graph, edge, { ...this.actions, back: () => this.follow() }));
      at("panel").scrollTop = 0;
      document.body.classList.add("chosen");
      canvas.selectedEdge = edge;
      canvas.selected = null;
      canvas.hovered = null;
      at("tip").hidden = true;
      canvas.network.redraw();
    }

    /** The legend: a button a type, pressed while the type is shown. */
    legend() {
      const { graph } = this;
      const all = el("button", { type: "button", class: "quiet all", text: "Show all", on: { click: () => this.showTypes(null) } });
      const rows = graph.types.map((type) => {
        const only = el("button", { type: "button", class: "quiet only", text: "only", "aria-label": `Only ${KG.graph.plural(type.name)}` });
        only.addEventListener("click", () => this.showTypes(type.name));
        const button = el("button", { type: "button", class: "type", title: type.about, "data-name": type.name, on: { click: () => this.toggle(type.name) } },
          sign(type.name, type.shape), el("span", { class: "name", text: KG.graph.plural(type.name) }), el("span", { class: "number", text: type.count.toLocaleString("en") }));
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
      this.pressed();
      this.canvas?.refresh();
      this.table.draw();
      const off = [...this.graph.hidden].map(KG.graph.plural).join(", ");
      at("status").textContent = off ? `Hidden: ${off}` : "All types are shown";
    }

    searching() {
      const input = at("search");
      input.addEventListener("input", () => this.search(input.value));
      input.addEventListener("focus", () => input.value && this.search(input.value));
      input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.closeFound(), 150));
      input.addEventListener("keydown", (event) => this.searchKey(event, input));
      addEventListener("keydown", (event) => {
        const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName);
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "/" && !typing) {
          event.preventDefault();
          input.focus();
          input.select();
        } else if (event.key === "Escape" && !typing) this.go(null);
      });
    }

    search(text) {
      const { graph, canvas } = this;
      const found = graph.search(text);
      this.found = found.slice(0, MATCHES);
      this.active = 0;
      const asked = Boolean(text.trim());
      if (canvas) {
        canvas.matches = asked ? found : null;
        canvas.bring(this.found);
        canvas.network.redraw();
      }
      this.table.filter(asked ? found : null);
      at("status").textContent = asked ? count(found.length, "match", "matches") : "";
      if (!asked || !at("table-view").hidden) return this.closeFound();
      const options = this.found.map((number, order) => {
        const node = graph.nodes[number];
        const alias = graph.names[number][0].includes(KG.text.fold(text).trim()) ? "" : node.properties.aliases?.find((one) => KG.text.fold(one).includes(KG.text.fold(text).trim()));
        const pick = (event) => {
          event.preventDefault();
          this.pick(number);
        };
        return el("div", { role: "option", id: `found-${order}`, class: "option", on: { mousedown: pick } },
          sign(node.label, graph.shapes.get(node.label)), el("span", { class: "name", dir: "auto", text: node.name }),
          alias ? el("span", { class: "aside", dir: "auto", text: alias }) : null, el("span", { class: "aside", text: node.label }));
      });
      const rest = found.length - options.length;
      if (rest > 0) options.push(el("div", { class: "rest", text: `and ${rest.toLocaleString("en")} more, lit in the picture` }));
      if (!found.length) options.push(el("div", { class: "rest", text: "Nothing has this name." }));
      at("found").replaceChildren(...options);
      at("found").hidden = false;
      at("search").setAttribute("aria-expanded", "true");
      this.activate(0, found.length === 1);
      return undefined;
    }

    /** Mark the match that Enter goes to; with `look` the picture turns to it. */
    activate(order, look) {
      this.active = order;
      at("found").querySelectorAll(".option").forEach((option, number) => option.setAttribute("aria-selected", String(number === order)));
      if (this.found.length) at("search").setAttribute("aria-activedescendant", `found-${order}`);
      else at("search").removeAttribute("aria-activedescendant");
      const number = this.found[order];
      if (look && number !== undefined && this.canvas?.drawn(number)) this.canvas.centre(number);
    }

    searchKey(event, input) {
      if (event.key === "Escape") {
        event.preventDefault();
        input.value = "";
        this.search("");
        input.blur();
      } else if (event.key === "Enter" && this.found?.length) {
        event.preventDefault();
        this.pick(this.found[this.active]);
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.found?.length) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : this.found.length - 1;
        this.activate((this.active + step) % this.found.length, true);
      }
    }

    pick(number) {
      at("search").value = "";
      this.search("");
      at("search").blur();
      if (this.canvas) {
        this.canvas.matches = null;
      }
      this.go(number);
      at("panel").focus({ preventScroll: true });
    }

    closeFound() {
      at("found").hidden = true;
      at("search").setAttribute("aria-expanded", "false");
      at("search").removeAttribute("aria-activedescendant");
    }

    switching() {
      const show = (table) => {
        at("table-view").hidden = !table;
        at("graph-view").hidden = table;
        at("show-table").setAttribute("aria-pressed", String(table));
        at("show-graph").setAttribute("aria-pressed", String(!table));
        document.body.classList.toggle("tabled", table);
        if (table) this.table.draw();
        else this.canvas?.network.redraw();
      };
      at("show-graph").addEventListener("click", () => show(false));
      at("show-table").addEventListener("click", () => show(true));
      document.querySelector("a.skip").addEventListener("click", (event) => {
        event.preventDefault();
        show(true);
        at("table-view").focus();
      });
    }
  }

  const read = (id) => JSON.parse(at(id).textContent);

  /** Open the page on the data that lies in it. */
  function open() {
    KG.page = new Explorer(read("kg-facts"), read("kg-picture"));
  }

  return { Explorer, open };
})();

if (document.getElementById("kg-facts")) KG.explorer.open();
