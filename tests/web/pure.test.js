/* The parts of the pages that need no browser. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { offset } from "../../kg/view/web/cypher.js";
import { Graph, unsure } from "../../kg/view/web/graph.js";
import { csv, graphml, table, xml } from "../../kg/view/web/save.js";
import { count, day, digits, fold, pieces } from "../../kg/view/web/text.js";

const node = (id, label, properties = {}) => ({ id, label, name: properties.name ?? id, properties, size: 8, caption: id });
const payload = () => ({
  title: "Test",
  counts: {},
  types: [
    { name: "Paper", shape: "square", shown: true, count: 1 },
    { name: "Model", shape: "dot", shown: true, count: 2 },
    { name: "Feed", shape: "hexagon", shown: false, count: 1 },
  ],
  relationship_types: [
    { name: "INTRODUCES", forward: "Introduces", backward: "Introduced in", count: 1 },
    { name: "USES", forward: "Uses", backward: "Used in", count: 1 },
    { name: "LISTS", forward: "Lists", backward: "Listed in", count: 1 },
  ],
  nodes: [
    node("p", "Paper", { name: "=HYPERLINK(\"x\")", published: "2024-03-14" }),
    node("m", "Model", { name: "Müller-Net", papers: 3 }),
    node("n", "Model", { name: "B<b>" }),
    node("f", "Feed"),
  ],
  edges: [
    { from: "p", to: "m", type: "INTRODUCES", confidence: 0.9, evidence: "We introduce Müller-Net." },
    { from: "p", to: "n", type: "USES", confidence: 0.4 },
    { from: "f", to: "p", type: "LISTS" },
  ],
});

test("numbers and their nouns", () => {
  assert.equal(digits(1234567), "1,234,567");
  assert.equal(count(1, "paper"), "1 paper");
  assert.equal(count(2, "entry", "entries"), "2 entries");
});

test("a day is said in words, and what is no day stays", () => {
  assert.equal(day("2024-03-14"), "14 Mar 2024");
  assert.equal(day("2024-13-14"), "2024-13-14");
  assert.equal(day(undefined), "");
});

test("spellings that differ in case and accents are found alike", () => {
  assert.equal(fold("MÜLLER"), fold("müller"));
});

test("a text is cut at whole words, the longest first", () => {
  const wanted = [{ surface: "CLIP", target: "m" }, { surface: "CLIP-L", target: "l" }];
  assert.deepEqual(pieces("CLIP-L and CLIPS, CLIP.", wanted), [{ text: "CLIP-L", target: "l" }, " and CLIPS, ", { text: "CLIP", target: "m" }, "."]);
});

test("a line and a column are a place in the text", () => {
  assert.equal(offset("ab\ncd", { line: 2, column: 2 }), 4);
  assert.equal(offset("ab", { line: 9, column: 9 }), 2);
});

test("a type that is not shown at first is hidden, and filters hide more", () => {
  const graph = new Graph(payload());
  assert.deepEqual([0, 1, 2, 3].map((at) => graph.visible(at)), [true, true, true, false]);
  graph.filter.sure = 0.7;
  graph.sift();
  assert.equal(graph.edgeVisible(1), false);
  assert.equal(graph.visible(2), false); // without its only line it says nothing
  assert.ok(unsure({ confidence: 0.4 }));
  assert.ok(!unsure({}));
});

test("groups of neighbours put what is unsure last", () => {
  const groups = new Graph(payload()).groups(0);
  assert.deepEqual(groups.map((group) => group.key), ["INTRODUCES>", "USES>", "<LISTS"]);
});

test("a cell that a spreadsheet would run stays a text", () => {
  assert.equal(table([["=1+1", "-2", -2, "a,b"]]), "'=1+1,'-2,-2,\"a,b\"\r\n");
  assert.match(csv(new Graph(payload())), /'=HYPERLINK/);
});

test("GraphML holds what is shown, escaped", () => {
  const text = graphml(new Graph(payload()));
  assert.match(text, /B&lt;b&gt;/);
  assert.equal(text.match(/<edge /g).length, 2);
  assert.equal(xml("\u0001<"), "\ufffd&lt;");
});
