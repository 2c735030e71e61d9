// A plain table that may be wider than a phone: scrolls by itself, and by keyboard.
import { el } from "/static/js/dom.js";

/** `titles` are words; `rows` are lists of words or nodes, of which the first names the row. */
export function grid(label, titles, rows) {
  const head = el(
    "tr",
    {},
    titles.map((title) => el("th", { scope: "col" }, title)),
  );
  const lines = rows.map(([first, ...rest]) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, first),
      rest.map((cell) => el("td", {}, cell)),
    ),
  );
  return el(
    "div",
    { class: "sheet grid-box", tabindex: "0", role: "region", "aria-label": label },
    el("table", { class: "grid" }, el("thead", {}, head), el("tbody", {}, lines)),
  );
}
