/* Text and elements. Everything that comes from the data is set as text here, never as markup. */
/** An element: `props` are set as attributes, but for `text`, `on` (event handlers) and `style` (custom properties). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") node.textContent = value;
    else if (key === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (key === "style") for (const [name, set] of Object.entries(value)) node.style.setProperty(name, set);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** What two spellings of a name have in common: case and accents taken off. */
export function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The address if a click on it can only open a web page, else null: the payload has checked it once already. */
function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** A link out, or null where the address is none. Its text says which host it leads to. */
export function linkOut(address, text) {
  const url = webAddress(address);
  if (!url) return null;
  const props = { class: "out", href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href };
  return el("a", props, `${text ?? url.host.replace(/^www\./, "")} ↗`);
}

/** A sentence with its mention marked; without a place it stays plain. */
export function quote(edge, type) {
  if (!edge.evidence) return null;
  const { evidence, start, end } = edge;
  if (!(start >= 0 && end > start && end <= evidence.length)) return el("q", { class: "evidence", dir: "auto", text: evidence });
  const mention = el("mark", { "data-type": type, text: evidence.slice(start, end) });
  return el("q", { class: "evidence", dir: "auto" }, evidence.slice(0, start), mention, evidence.slice(end));
}

const WORD = /[\p{L}\p{N}_]/u;

/**
 * `text` cut into pieces: plain strings, and {text, target} where one of `wanted` ({surface, target}) stands as a
 * whole word. The longest surface wins where several would fit.
 */
export function pieces(text, wanted) {
  const found = [];
  const taken = new Uint8Array(text.length);
  const longest = [...wanted].filter((want) => want.surface).sort((a, b) => b.surface.length - a.surface.length);
  for (const { surface, target } of longest.slice(0, 400)) {
    for (let at = text.indexOf(surface); at >= 0; at = text.indexOf(surface, at + surface.length)) {
      const end = at + surface.length;
      const inWord = (at > 0 && WORD.test(text[at - 1]) && WORD.test(text[at])) ||
        (end < text.length && WORD.test(text[end]) && WORD.test(text[end - 1]));
      if (inWord || taken[at] || taken[end - 1]) continue;
      taken.fill(1, at, end);
      found.push({ at, end, target });
    }
  }
  found.sort((a, b) => a.at - b.at);
  const parts = [];
  let done = 0;
  for (const { at, end, target } of found) {
    if (at > done) parts.push(text.slice(done, at));
    parts.push({ text: text.slice(at, end), target });
    done = end;
  }
  if (done < text.length) parts.push(text.slice(done));
  return parts;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** 2024-03-14 as 14 Mar 2024; what is no date stays as it is. */
export function day(text) {
  const parts = /^(\d{4})-(\d{2})-(\d{2})/.exec(text ?? "");
  return parts && MONTHS[parts[2] - 1] ? `${Number(parts[3])} ${MONTHS[parts[2] - 1]} ${parts[1]}` : text ?? "";
}

/** A whole number with its thousands apart. The browser's own way takes 20 ms the first time. */
export function digits(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count with its noun: 1 paper, 1,234 papers. */
export function count(number, one, many = `${one}s`) {
  return `${digits(number)} ${number === 1 ? one : many}`;
}

/** The sign of a type, as in the picture: its shape in its colour. */
export function sign(type, shape = "dot") {
  return el("span", { class: "sign", "data-type": type, "data-shape": shape, "aria-hidden": "true" });
}
