/* The page of one file: its data lies inside of it, the address says which node is chosen. */
import { SearchBox } from "./searchbox.js";
import { Stage, at } from "./stage.js";
import { count, digits, fold, linkOut } from "./text.js";

const MATCHES = 8;

class Explorer extends Stage {
  constructor(payload, picture) {
    super();
    this.step = -1;
    this.load(payload, picture);
    this.describe();
    this.searching();
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => {
      const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName);
      if (event.key === "Escape" && !typing) this.go(null);
    });
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
      said.push(`Drawn are the ${digits(counts.drawn_nodes)} best-connected of ${count(counts.nodes, "node")}. The search and the table hold ${counts.listed_nodes < counts.nodes ? "more" : "all"}; choosing one draws it.`);
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

  searching() {
    this.box = new SearchBox(at("search"), at("found"), {
      find: (text, show) => this.search(text, show),
      clear: () => this.light(null),
      look: (number) => this.canvas?.drawn(number) && this.canvas.centre(number),
      pick: (number) => {
        this.go(number);
        at("panel").focus({ preventScroll: true });
      },
    });
  }

  search(text, show) {
    const { graph } = this;
    const found = graph.search(text);
    this.found = found.slice(0, MATCHES);
    this.light(found);
    at("status").textContent = count(found.length, "match", "matches");
    if (!at("table-view").hidden) {
      this.box.close();
      return;
    }
    const words = fold(text).trim();
    const options = this.found.map((number) => {
      const { name, label, properties } = graph.nodes[number];
      const alias = graph.names[number][0].includes(words) ? "" : properties.aliases?.find((one) => fold(one).includes(words));
      return { name, label, shape: graph.shapes.get(label), aside: alias, value: number };
    });
    const rest = found.length - options.length;
    show(options, rest > 0 ? `and ${digits(rest)} more, lit in the picture` : found.length ? "" : "Nothing has this name.");
  }

  /** Let what was found stand out, in the picture and in the table; null ends it. */
  light(found) {
    const { canvas } = this;
    if (canvas) {
      canvas.matches = found;
      if (found) canvas.bring(found.slice(0, MATCHES));
      canvas.redraw();
    }
    this.table.filter(found);
  }
}

const read = (id) => JSON.parse(at(id).textContent);

if (at("kg-facts")) globalThis.KG = { page: new Explorer(read("kg-facts"), read("kg-picture")), linkOut };
