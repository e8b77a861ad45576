/* The served explorer: the address says what is shown, each view draws itself, the search box leads anywhere. */
import { ask } from "./ask.js";
import { boardsPage, profilePage } from "./profile.js";
import { home } from "./home.js";
import { SearchBox } from "./searchbox.js";
import { at } from "./stage.js";
import { count, digits, el } from "./text.js";
import { Workspace, drawing } from "./workspace.js";

const SHAPES = { Paper: "square", Repository: "triangle", Page: "triangle", Result: "diamond", Feed: "hexagon", Author: "hexagon" };

/** Ask the server; throws an Error with `line` and `column` where the server gives a place. */
export async function get(name, params = []) {
  const response = await fetch(`/api/${name}?${new URLSearchParams(params)}`, { headers: { accept: "application/json", prefer: "problem-as-answer" } });
  const kind = response.headers.get("content-type") ?? "";
  if (!kind.startsWith("application/json")) throw new Error((await response.text()).trim() || response.statusText);
  const answer = await response.json();
  if (answer.error !== undefined || !response.ok) throw Object.assign(new Error(answer.error), { line: answer.line, column: answer.column });
  return answer;
}

class App {
  constructor() {
    this.get = get;
    this.shape = (label) => SHAPES[label] ?? "dot";
    this.page = at("page");
    this.workspace = null;
    this.turn = 0;
    this.views = {
      home: () => home(this),
      graph: (params) => this.draw(params),
      thing: (params) => profilePage(this, params),
      boards: () => boardsPage(this),
      ask: (params) => ask(this, params),
    };
    document.addEventListener("click", (event) => this.clicked(event));
    addEventListener("popstate", () => this.show());
    addEventListener("keydown", (event) => this.key(event));
    this.box = new SearchBox(at("search"), at("found"), {
      find: (text, show) => this.find(text, show),
      pick: (found) => this.lead(found),
    });
    this.show();
  }

  /** Where a match of the search leads: to the node in this picture, or to a picture of its own. */
  lead(node) {
    const { workspace } = this;
    if (this.view === "graph" && workspace.start !== null) workspace.pathTo(node.id);
    else if (this.view === "graph" && workspace.graph) workspace.walk(node);
    else this.go(this.graphOf(node.id));
  }

  /** The address of the picture around a node, and of a node's profile. */
  graphOf(id) {
    return `/?${new URLSearchParams([["v", "graph"], ["around", id]])}`;
  }

  profileOf(id) {
    return `/?${new URLSearchParams([["v", "thing"], ["id", id]])}`;
  }

  /** A node as a link: things to their picture. */
  link(node, href = this.graphOf(node.id)) {
    return el("a", { class: "node", href, "data-go": true }, this.sign(node.label), el("span", { class: "name", dir: "auto", text: node.name }), el("span", { class: "unseen", text: `(${node.label})` }));
  }

  sign(label) {
    return el("span", { class: "sign", "data-type": label, "data-shape": this.shape(label), "aria-hidden": "true" });
  }

  /** Links of this page are followed without loading it again; with a key held down the browser does what it does. */
  clicked(event) {
    const link = event.target.closest?.("a[data-go]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    this.go(link.getAttribute("href"));
  }

  key(event) {
    const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName);
    if (typing || this.view !== "graph") return;
    if (event.key === "Escape") this.workspace.go(null);
    else if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.workspace.undo();
    }
  }

  /** Go to an address of this page. */
  go(address, replace = false) {
    if (address === location.pathname + location.search) return this.show();
    if (replace) history.replaceState(history.state, "", address);
    else history.pushState({ step: (history.state?.step ?? 0) + 1 }, "", address);
    return this.show();
  }

  async show() {
    const params = new URLSearchParams(location.search);
    const view = Object.hasOwn(this.views, params.get("v") ?? "home") ? params.get("v") ?? "home" : "home";
    const turn = ++this.turn;
    const moved = view !== this.view;
    this.view = view;
    if (moved) delete document.documentElement.dataset.state;
    document.body.dataset.view = view;
    for (const link of document.querySelectorAll(".ways a")) {
      if (link.dataset.view === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    at("notice").hidden = true;
    at("page").hidden = view === "graph";
    at("stage").hidden = view !== "graph";
    if (view !== "graph") document.body.classList.remove("chosen");
    document.documentElement.dataset.busy = "true";
    try {
      const content = await this.views[view](params);
      if (turn !== this.turn) return;
      if (content) {
        this.page.replaceChildren(...content.nodes.filter(Boolean));
        document.title = `${content.title} · paper-kg`;
        if (moved) this.page.scrollTop = 0;
        document.documentElement.dataset.state = "drawn";
        performance.mark("kg-shown");
        setTimeout(drawing, 300); // the next view is most often a picture
      }
    } catch (error) {
      if (turn !== this.turn) return;
      this.fail(error);
    } finally {
      if (turn === this.turn) delete document.documentElement.dataset.busy;
    }
  }

  /** Say what went wrong and leave ways on. */
  fail(error) {
    at("page").hidden = false;
    at("stage").hidden = true;
    this.page.replaceChildren(el("div", { class: "empty", role: "alert" }, el("h2", { text: "That did not work" }), el("p", { dir: "auto", text: error.message }), el("p", {}, el("a", { class: "out", href: "/", "data-go": true, text: "To the overview" }))));
    document.documentElement.dataset.state = "failed";
  }

  draw(params) {
    this.workspace ??= new Workspace(this);
    return this.workspace.show(params);
  }

  /** What the server finds for what was typed: one question at a time, the newest last. */
  async find(text, show) {
    clearTimeout(this.waiting);
    await new Promise((resolve) => {
      this.waiting = setTimeout(resolve, 40);
    });
    const began = performance.now();
    let answer;
    try {
      answer = await get("search", [["q", text], ["most", 10]]);
    } catch (error) {
      show([], error.message);
      return;
    }
    performance.measure("kg-search", { start: began });
    const options = answer.found.map((node) => ({
      name: node.name,
      label: node.label,
      shape: this.shape(node.label),
      aside: node.alias ?? (node.papers ? count(node.papers, "paper") : node.label === "Paper" && node.day ? node.day.slice(0, 4) : ""),
      value: node,
    }));
    const rest = answer.total - options.length;
    show(options, rest > 0 ? `and ${digits(rest)} more` : options.length ? "" : "Nothing has a name like this.");
    at("status").textContent = count(answer.total, "match", "matches");
  }
}

globalThis.KG = { app: new App() };
