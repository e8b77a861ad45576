/* The picture: vis-network draws nodes and lines and moves the view; labels and highlights are drawn over it. */

// Whole sizes: a browser draws the letters of each size once and copies them from then on.
const LABEL = { size: 12, most: 17, family: "system-ui, sans-serif" };

/** The outline of a node; the same shapes as vis-network's, which draws those that are not highlighted. */
function outline(context, shape, x, y, r) {
  context.beginPath();
  if (shape === "square") context.rect(x - r, y - r, 2 * r, 2 * r);
  else if (shape === "diamond") polygon(context, x, y, r, 4, -Math.PI / 2);
  else if (shape === "triangle") polygon(context, x, y + 0.15 * r, r * 1.25, 3, -Math.PI / 2);
  else if (shape === "hexagon") polygon(context, x, y, r, 6, 0);
  else context.arc(x, y, r, 0, 2 * Math.PI);
  context.closePath();
}

function polygon(context, x, y, r, corners, turn) {
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = turn + (corner * 2 * Math.PI) / corners;
    context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
}

export class Canvas {
  /** `picture` is what pyvis made; `events` has select(number), open(number), selectEdge(at), clear(), moved(numbers), hover(number, at, point); insets(), covers(). */
  constructor(box, graph, picture, events, view = null) {
    this.box = box;
    this.graph = graph;
    this.events = events;
    this.x = new Map();
    this.y = new Map();
    this.widths = new Map();
    this.matches = null;
    this.selected = null;
    this.selectedEdge = null;
    this.hovered = null;
    this.hoveredEdge = null;
    this.pins = new Set();
    this.anchor = null; // the node that the picture is about: it has its label in any case
    this.ways = new Set(); // lines that stand out: those of a path
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const node of picture.nodes) {
      this.x.set(node.id, node.x);
      this.y.set(node.id, node.y);
    }
    // So many lines on one another would make a black heap.
    this.crowded = picture.edges.length > 6000;
    this.readTheme();
    // Captions are drawn by `drawLabels`, which thins them; vis-network would draw them all.
    this.nodes = new vis.DataSet(picture.nodes.map(({ label, ...node }) => ({ ...node, ...this.state(node.id) })));
    this.edges = new vis.DataSet(picture.edges.map((edge) => ({ ...edge, ...this.edgeState(edge.id) })));
    this.network = new vis.Network(box, { nodes: this.nodes, edges: this.edges }, this.options(picture.options));
    this.rank();
    this.listen();
    if (view) this.network.moveTo(view);
    else this.fit(false);
  }

  options(given) {
    const touch = matchMedia("(pointer: coarse)").matches;
    return {
      ...given,
      interaction: { ...given.interaction, dragNodes: !touch },
      groups: this.groups(),
      edges: { ...given.edges, arrows: { to: { enabled: false } }, color: { color: this.theme.line, inherit: false } },
    };
  }

  /** The colours come from the style sheet, so that light and dark are settled in one place. */
  readTheme() {
    const style = getComputedStyle(document.documentElement);
    const get = (name) => style.getPropertyValue(name).trim();
    const types = new Map(this.graph.types.map((type) => [type.name, get(`--type-${type.name.toLowerCase()}`) || get("--type-other")]));
    this.theme = { ground: get("--ground"), text: get("--text"), muted: get("--muted"), line: get(this.crowded ? "--edge-faint" : "--edge"), strong: get("--edge-strong"), accent: get("--accent"), types };
  }

  groups() {
    const groups = {};
    for (const [name, color] of this.theme.types) groups[name] = { color };
    return groups;
  }

  retheme() {
    this.readTheme();
    this.network.setOptions({ groups: this.groups(), edges: { color: { color: this.theme.line, inherit: false } } });
    this.redraw();
  }

  state(number) {
    return { hidden: !this.graph.visible(number) };
  }

  edgeState(at) {
    return { hidden: !this.graph.edgeVisible(at) };
  }

  /** Draw with the next frame, once, however much changes until then; `network.redraw` would draw for each change. */
  redraw() {
    this.network.body.emitter.emit("_requestRedraw");
  }

  /** Put shown and hidden types into effect. */
  refresh() {
    const nodes = this.nodes.get({ fields: ["id", "hidden"] });
    const edges = this.edges.get({ fields: ["id", "hidden"] });
    const changed = (item, state) => (item.hidden !== state.hidden ? [{ id: item.id, ...state }] : []);
    this.edges.update(edges.flatMap((edge) => changed(edge, this.edgeState(edge.id))));
    this.nodes.update(nodes.flatMap((node) => changed(node, this.state(node.id))));
    this.redraw();
  }

  /** The order in which nodes get their labels: the largest first, things before papers of equal size. */
  rank() {
    const order = (number) => (this.graph.nodes[number].label === "Paper" ? 1 : 0);
    const { nodes } = this.graph;
    this.ranked = [...this.x.keys()].sort(
      (a, b) => nodes[b].size - nodes[a].size || order(a) - order(b) || this.graph.degree(b) - this.graph.degree(a) || a - b,
    );
  }

  listen() {
    const { network, events } = this;
    const at = (point) => {
      const node = network.getNodeAt(point);
      if (node !== undefined && this.graph.visible(node)) return { node };
      const edge = network.getEdgeAt(point);
      return edge !== undefined && !this.edgeState(edge).hidden ? { edge } : {};
    };
    network.on("click", ({ pointer }) => {
      const { node, edge } = at(pointer.DOM);
      if (node !== undefined) events.select(node);
      else if (edge !== undefined) events.selectEdge(edge);
      else events.clear();
    });
    const hover = (node, edge, pointer) => {
      this.hovered = node !== null && this.graph.visible(node) ? node : null;
      this.hoveredEdge = edge;
      this.box.classList.toggle("pointing", this.hovered !== null || edge !== null);
      events.hover(this.hovered, edge, pointer?.DOM);
      this.redraw();
    };
    network.on("hoverNode", ({ node, pointer }) => hover(node, null, pointer));
    network.on("blurNode", () => hover(null, null));
    network.on("hoverEdge", ({ edge, pointer }) => hover(null, this.edgeState(edge).hidden ? null : edge, pointer));
    network.on("blurEdge", () => hover(null, null));
    network.on("doubleClick", ({ pointer }) => {
      const { node } = at(pointer.DOM);
      if (node !== undefined) events.open(node);
    });
    network.on("dragging", ({ nodes }) => this.moved(nodes));
    network.on("dragEnd", ({ nodes }) => {
      this.moved(nodes);
      if (nodes.length) events.moved(nodes);
    });
    network.on("afterDrawing", (context) => this.drawOver(context));
    const frame = this.box.firstElementChild;
    frame.tabIndex = 0;
    frame.setAttribute("role", "img");
    frame.setAttribute("aria-label", "The graph as a picture. Arrow keys move it, plus and minus zoom. The table holds the same nodes.");
    frame.addEventListener("keydown", (event) => this.key(event));
  }

  moved(nodes) {
    for (const number of nodes) {
      const { x, y } = this.network.getPosition(number);
      this.x.set(number, x);
      this.y.set(number, y);
    }
  }

  /** Put a node where it was put by hand. */
  place(number, x, y) {
    this.x.set(number, x);
    this.y.set(number, y);
    this.network.moveNode(number, x, y);
  }

  /** Where the view stands, to go on from there in another picture. */
  get view() {
    return { position: this.network.getViewPosition(), scale: this.network.getScale() };
  }

  destroy() {
    this.network.destroy();
  }

  key(event) {
    const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (steps[event.key]) this.pan(...steps[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.3);
    else if (event.key === "-") this.zoom(1 / 1.3);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }

  animation() {
    return this.still ? false : { duration: 350, easingFunction: "easeInOutQuad" };
  }

  pan(dx, dy) {
    const { x, y } = this.network.getViewPosition();
    const step = 80 / this.network.getScale();
    this.network.moveTo({ position: { x: x + dx * step, y: y + dy * step } });
  }

  zoom(factor) {
    this.network.moveTo({ scale: Math.min(Math.max(this.network.getScale() * factor, 0.02), 8), animation: this.animation() });
  }

  /** Show everything that is not hidden. */
  fit(animated = true) {
    this.show([...this.x.keys()].filter((number) => this.graph.visible(number)), animated, 2);
  }

  /** Move the view so that these nodes fill it, no nearer than `nearest`. */
  show(numbers, animated = true, nearest = 1.4) {
    if (!numbers.length) return;
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const number of numbers) {
      const [x, y, r] = [this.x.get(number), this.y.get(number), this.graph.nodes[number].size];
      left = Math.min(left, x - r);
      right = Math.max(right, x + r);
      top = Math.min(top, y - r);
      bottom = Math.max(bottom, y + r);
    }
    const inset = this.events.insets();
    const wide = Math.max(this.box.clientWidth - inset.left - 48, 50) / Math.max(right - left, 1);
    const high = Math.max(this.box.clientHeight - inset.bottom - 64, 50) / Math.max(bottom - top, 1);
    this.moveTo((left + right) / 2, (top + bottom) / 2, Math.min(wide, high, nearest), animated);
  }

  /** Bring a point to the middle of what nothing lies over. */
  moveTo(x, y, scale, animated = true) {
    const inset = this.events.insets();
    const position = { x: x - inset.left / 2 / scale, y: y + inset.bottom / 2 / scale };
    this.network.moveTo({ position, scale, animation: animated && this.animation() });
  }

  /** Show a node with its neighbours, and not so small that they cannot be told apart. */
  reveal(number) {
    const { graph } = this;
    const near = graph.around[number].map((at) => graph.other(graph.edges[at], number));
    const seen = [number, ...near].filter((one) => this.drawn(one) && graph.visible(one));
    this.show(seen, true, 1.5);
  }

  /** Move the view to these nodes if one of them is outside of it. */
  bring(numbers) {
    const shown = numbers.filter((number) => this.drawn(number) && this.graph.visible(number));
    const { left } = this.events.insets();
    const outside = (number) => {
      const { x, y } = this.where(number);
      return x < left || y < 0 || x > this.box.clientWidth || y > this.box.clientHeight;
    };
    if (shown.some(outside)) this.show(shown);
  }

  /** Bring one node to the middle, near enough to read what is around it. */
  centre(number) {
    this.moveTo(this.x.get(number), this.y.get(number), Math.max(this.network.getScale(), 1));
  }

  /** Where a node stands on the screen, relative to the picture's box. */
  where(number) {
    return this.network.canvasToDOM({ x: this.x.get(number), y: this.y.get(number) });
  }

  drawn(number) {
    return this.x.has(number);
  }

  /** Draw a node that was left out at first: beside those of its neighbours that are drawn. */
  add(number) {
    if (this.drawn(number)) return;
    const { graph } = this;
    const node = graph.nodes[number];
    const near = graph.around[number].map((at) => graph.other(graph.edges[at], number)).filter((other) => this.drawn(other));
    const mean = (map) => near.reduce((sum, other) => sum + map.get(other), 0) / (near.length || 1);
    const turn = number * 2.399963;
    const out = (near.length ? graph.nodes[near[0]].size : 0) + 30 + (number % 7) * 6;
    this.x.set(number, mean(this.x) + out * Math.cos(turn));
    this.y.set(number, mean(this.y) + out * Math.sin(turn));
    const { label: group, size } = node;
    const place = { x: this.x.get(number), y: this.y.get(number) };
    this.nodes.add({ id: number, group, size, shape: graph.shapes.get(group), ...place, ...this.state(number) });
    const lines = graph.around[number].filter((at) => !this.edges.get(at) && this.drawn(graph.other(graph.edges[at], number)));
    this.edges.add(lines.map((at) => ({ id: at, from: graph.edges[at].source, to: graph.edges[at].target, ...this.edgeState(at) })));
    this.rank();
  }

  /** What stands out: the node under the pointer, else the chosen one, with neighbours; else what the search found. */
  focus() {
    const { graph } = this;
    const ends = (at) => [graph.edges[at].source, graph.edges[at].target];
    const shown = (number) => this.drawn(number) && graph.visible(number);
    const around = (number) => {
      const edges = graph.around[number].filter((at) => graph.edgeVisible(at) && ends(at).every(shown));
      return { nodes: new Set([number, ...edges.flatMap(ends)]), edges, main: number };
    };
    if (this.hovered !== null) return around(this.hovered);
    if (this.matches) return { nodes: new Set(this.matches.filter(shown)), edges: [], main: null };
    if (this.selectedEdge !== null && ends(this.selectedEdge).every(shown)) {
      return { nodes: new Set(ends(this.selectedEdge)), edges: [this.selectedEdge], main: null };
    }
    if (this.selected !== null && shown(this.selected)) return around(this.selected);
    return null;
  }

  drawOver(context) {
    const { graph, theme } = this;
    const scale = this.network.getScale();
    const middle = this.network.getViewPosition();
    const [wide, high] = [this.box.clientWidth / scale, this.box.clientHeight / scale];
    const view = { left: middle.x - wide / 2, top: middle.y - high / 2, wide, high };
    const focus = this.focus();
    context.save();
    if (focus) this.drawFocus(context, focus, view, scale);
    else if (this.ways.size) this.drawLines(context, [...this.ways].filter((at) => graph.edgeVisible(at)), scale, theme.accent);
    this.drawPins(context, focus, scale);
    if (this.hoveredEdge !== null) this.drawLines(context, [this.hoveredEdge], scale);
    const dots = context.getTransform().a / scale; // of the screen, for one of the page
    context.setTransform(dots, 0, 0, dots, 0, 0);
    this.drawLabels(context, focus, view, scale);
    context.restore();
    if (!this.settled) {
      this.settled = true;
      document.documentElement.dataset.state = "drawn";
      performance.mark("kg-drawn");
    }
  }

  /** A dot in what was put in its place by hand. */
  drawPins(context, focus, scale) {
    for (const number of this.pins) {
      if (!this.drawn(number) || !this.graph.visible(number) || (focus && !focus.nodes.has(number))) continue;
      context.beginPath();
      context.arc(this.x.get(number), this.y.get(number), Math.min(2.2 / scale, this.graph.nodes[number].size / 2), 0, 2 * Math.PI);
      context.fillStyle = this.theme.ground;
      context.fill();
    }
  }

  drawLines(context, edges, scale, colour = this.theme.strong) {
    context.strokeStyle = colour;
    context.lineWidth = Math.max((colour === this.theme.strong ? 1.3 : 2.4) / scale, 0.8);
    context.beginPath();
    for (const at of edges) {
      const { source, target } = this.graph.edges[at];
      const [x, y, dx, dy] = [this.x.get(source), this.y.get(source), this.x.get(target) - this.x.get(source), this.y.get(target) - this.y.get(source)];
      const length = Math.hypot(dx, dy) || 1;
      const [from, to] = [this.graph.nodes[source].size / length, 1 - this.graph.nodes[target].size / length];
      if (from >= to) continue; // from rim to rim: the nodes are drawn already
      context.moveTo(x + dx * from, y + dy * from);
      context.lineTo(x + dx * to, y + dy * to);
    }
    context.stroke();
  }

  drawFocus(context, focus, view, scale) {
    const { graph, theme } = this;
    context.globalAlpha = 0.84;
    context.fillStyle = theme.ground;
    context.fillRect(view.left - 1, view.top - 1, view.wide + 2, view.high + 2);
    context.globalAlpha = 1;
    this.drawLines(context, focus.edges, scale);
    const rest = [...focus.nodes].filter((number) => number !== focus.main);
    for (const number of focus.main === null ? rest : [...rest, focus.main]) {
      const { label, size } = graph.nodes[number];
      // A small thing in a large picture would be lost: what stands out is at least this large on the screen.
      const r = Math.max(size, 3 / scale);
      outline(context, graph.shapes.get(label), this.x.get(number), this.y.get(number), r);
      context.fillStyle = theme.types.get(label);
      context.fill();
      if (number === focus.main || number === this.selected) {
        outline(context, graph.shapes.get(label), this.x.get(number), this.y.get(number), r + 3 / scale);
        context.strokeStyle = theme.text;
        context.lineWidth = 1.6 / scale;
        context.stroke();
      }
    }
  }

  /**
   * Labels, the largest nodes' first: below their node, else above or beside it, else none. None covers another one or
   * a large node, and what is too small to see has none. `context` counts in pixels from the corner of the picture.
   */
  drawLabels(context, focus, view, scale) {
    const { graph, theme } = this;
    const seen = (number) => {
      const [x, y] = [this.x.get(number), this.y.get(number)];
      const inside = x > view.left && x < view.left + view.wide && y > view.top && y < view.top + view.high;
      return inside && graph.visible(number) && (!focus || focus.nodes.has(number));
    };
    const numbers = this.ranked.filter(seen);
    if (focus && focus.main !== null && seen(focus.main)) numbers.unshift(focus.main);
    if (!focus && this.anchor !== null && seen(this.anchor)) numbers.unshift(this.anchor);
    const boxes = new Map();
    const dots = []; // small nodes: a label keeps off them where it can
    for (const number of numbers) {
      const r = graph.nodes[number].size * scale;
      const [x, y] = [(this.x.get(number) - view.left) * scale, (this.y.get(number) - view.top) * scale];
      if (r > 5) boxes.set(number, [x - r, y - r, x + r, y + r]);
      else if (r > 1.5 && numbers.length < 600) dots.push([x - r, y - r, x + r, y + r]);
    }
    const taken = [...boxes.values(), ...this.events.covers()];
    const own = (number) => boxes.get(number);
    const [right, bottom] = [this.box.clientWidth, this.box.clientHeight];
    const within = (box) => box[0] >= 0 && box[1] >= 0 && box[2] <= right && box[3] <= bottom;
    const apart = (box, o) => box[0] > o[2] || box[2] < o[0] || box[1] > o[3] || box[3] < o[1];
    const free = (box, number) => within(box) && taken.every((o) => o === own(number) || apart(box, o));
    context.textAlign = "center";
    context.textBaseline = "top";
    context.lineJoin = "round";
    const most = focus ? 160 : Math.max(12, Math.round((view.wide * view.high * scale * scale) / 9000));
    const done = new Set();
    let written = 0;
    for (const number of numbers) {
      const node = graph.nodes[number];
      if (written >= most || (!focus && done.size >= 12 && node.size * scale < 4.4)) break;
      if (done.has(number)) continue;
      done.add(number);
      const main = number === (focus ? focus.main : this.anchor);
      const size = Math.min(Math.round(LABEL.size + Math.max(node.size * scale - 6, 0) * 0.3), LABEL.most);
      const wide = this.width(context, node.caption) * size + 6;
      const high = size * 1.2;
      const [x, y] = [(this.x.get(number) - view.left) * scale, (this.y.get(number) - view.top) * scale];
      const r = Math.max(node.size * scale, 3) + 3 + (main ? 3 : 0);
      const places = [[x, y + r], [x, y - r - high], [x + r + wide / 2, y - high / 2], [x - r - wide / 2, y - high / 2]];
      const [dx, up, down] = [r * 0.7 + wide / 2, y - r * 0.7 - high, y + r * 0.7];
      places.push([x + dx, up], [x + dx, down], [x - dx, up], [x - dx, down]);
      const box = ([cx, top]) => [cx - wide / 2, top, cx + wide / 2, top + high];
      const open = places.filter((one) => free(box(one), number));
      const inside = r > 14 && wide < 3.4 * r ? [x, y - high / 2] : null; // large, with no room around: across itself
      const place = open.find((one) => dots.every((dot) => apart(box(one), dot))) ?? open[0] ?? (main ? places[0] : inside);
      if (!place) continue;
      taken.push(box(place));
      written += 1;
      const strong = main || size > 14;
      context.font = `${strong ? 600 : 400} ${size}px ${LABEL.family}`;
      context.lineWidth = 3.5;
      context.strokeStyle = theme.ground;
      context.strokeText(node.caption, ...place);
      context.fillStyle = node.label === "Paper" && !strong ? theme.muted : theme.text;
      context.fillText(node.caption, ...place);
    }
  }

  /** The width of a caption at a size of one, measured once. */
  width(context, caption) {
    if (!this.widths.has(caption)) {
      context.font = `600 100px ${LABEL.family}`;
      this.widths.set(caption, context.measureText(caption).width / 100);
    }
    return this.widths.get(caption);
  }
}
