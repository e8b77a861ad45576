/* Cypher in colours, and where in it something is wrong. Makes elements of text, never markup. */
import { el } from "./text.js";

const WORDS = "MATCH OPTIONAL WHERE WITH UNWIND RETURN ORDER BY SKIP LIMIT UNION ALL DISTINCT AS AND OR XOR NOT IN IS NULL CONTAINS STARTS ENDS CASE WHEN THEN ELSE END ASC DESC TRUE FALSE EXISTS COUNT COLLECT";
const KEYWORDS = new Set(WORDS.split(" "));
const TOKEN = /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|('(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?)|(`[^`]*`?)|(\$\w+)|(\b\d+(?:\.\d+)?\b)|((?<=[:|]\s*!?)[A-Za-z_]\w*)|([A-Za-z_]\w*)/g;
const KINDS = ["comment", "string", "name", "parameter", "number", "label", "word"];

/** The pieces of a statement as elements; `wrong` is {line, column} from 1, and marks the token that begins there. */
export function coloured(text, wrong = null) {
  const place = wrong?.line ? offset(text, wrong) : -1;
  const parts = [];
  const push = (piece, kind, from) => {
    const here = place >= from && place < from + piece.length;
    if (here && place > from && !kind) {
      push(piece.slice(0, place - from), kind, from);
      push(piece.slice(place - from), kind, place);
    } else if (here && !kind) {
      const end = /^\s*\S+/.exec(piece)?.[0].length ?? 1;
      parts.push(el("span", { class: "wrong", text: piece.slice(0, end) }), piece.slice(end));
    } else parts.push(kind || here ? el("span", { class: [kind, here ? "wrong" : ""].filter(Boolean).join(" "), text: piece }) : piece);
  };
  let done = 0;
  for (const found of text.matchAll(TOKEN)) {
    if (found.index > done) push(text.slice(done, found.index), "", done);
    let kind = KINDS[found.slice(1).findIndex((group) => group !== undefined)];
    if (kind === "word") kind = KEYWORDS.has(found[0].toUpperCase()) ? "keyword" : "";
    push(found[0], kind, found.index);
    done = found.index + found[0].length;
  }
  if (done < text.length) push(text.slice(done), "", done);
  else if (place >= text.length) parts.push(el("span", { class: "wrong", text: " " }));
  parts.push("\n"); // so that the last line break has a height
  return parts;
}

/** Where a line and column, both from 1, stand in a text. */
export function offset(text, { line, column }) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + column - 1, text.length);
}
