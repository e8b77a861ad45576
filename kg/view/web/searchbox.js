/* A search box with a list of matches, worked by keyboard alone. What is found, and where a match leads, the page says. */
import { el, sign } from "./text.js";

export class SearchBox {
  /** `find(text, show)` calls show([{name, label, shape, aside, value}], what to say below); `pick(value)`; `look(value)`; `clear()`. */
  constructor(input, list, { find, pick, look = () => {}, clear = () => {} }) {
    Object.assign(this, { input, list, find, pickValue: pick, look, clear, options: [], active: 0 });
    input.addEventListener("input", () => this.search(input.value));
    input.addEventListener("focus", () => input.value && this.search(input.value));
    input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && this.close(), 150));
    input.addEventListener("keydown", (event) => this.key(event));
    addEventListener("keydown", (event) => {
      const typing = /^(input|textarea|select)$/i.test(document.activeElement?.tagName);
      if (event.ctrlKey || event.metaKey || event.altKey || event.key !== "/" || typing) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  search(text) {
    this.asked = text;
    if (!text.trim()) {
      this.options = [];
      this.clear();
      this.close();
      return;
    }
    this.find(text, (options, rest) => {
      if (this.asked === text) this.show(options, rest);
    });
  }

  show(options, rest) {
    this.options = options;
    const rows = options.map((option, order) => {
      const pick = (event) => {
        event.preventDefault();
        this.pick(option);
      };
      return el("div", { role: "option", id: `found-${order}`, class: "option", on: { mousedown: pick } },
        sign(option.label, option.shape), el("span", { class: "name", dir: "auto", text: option.name }),
        option.aside ? el("span", { class: "aside", dir: "auto", text: option.aside }) : null, el("span", { class: "aside", text: option.label }));
    });
    if (rest) rows.push(el("div", { class: "rest", text: rest }));
    this.list.replaceChildren(...rows);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.activate(0, options.length === 1);
  }

  /** Mark the match that Enter goes to; with `look` the picture turns to it. */
  activate(order, look) {
    this.active = order;
    this.list.querySelectorAll(".option").forEach((option, number) => option.setAttribute("aria-selected", String(number === order)));
    if (this.options.length) this.input.setAttribute("aria-activedescendant", `found-${order}`);
    else this.input.removeAttribute("aria-activedescendant");
    if (look && this.options[order]) this.look(this.options[order].value);
  }

  key(event) {
    const { options } = this;
    if (event.key === "Escape") {
      event.preventDefault();
      this.input.value = "";
      this.search("");
      this.input.blur();
    } else if (event.key === "Enter" && options.length && !this.list.hidden) {
      event.preventDefault();
      this.pick(options[this.active]);
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      this.activate((this.active + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length, true);
    }
  }

  pick(option) {
    this.input.value = "";
    this.search("");
    this.input.blur();
    this.pickValue(option.value);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
