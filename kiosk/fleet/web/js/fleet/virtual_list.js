// A list of any length, drawn with 48 nodes that go round. A row keeps its node for as long as it is
// near the window, so focus and selection survive scrolling.
import { el, onFrame } from "/static/js/dom.js";

const NODES = 48;

export class VirtualList {
  /**
   * `make()` returns {node, link, show(item)}; `open(item)` is called on Enter and on a touch.
   * `keyOf(item)` is what the focus follows when the order changes.
   */
  constructor({ rowHeight, label, make, open, keyOf }) {
    Object.assign(this, { rowHeight, open, keyOf });
    this.items = [];
    this.active = null;
    this.room = el("div");
    this.room.style.position = "relative";
    this.node = el("div", { class: "scroller", tabindex: "0", "aria-label": label, role: "rowgroup" }, this.room);
    this.parts = Array.from({ length: NODES }, () => this.#part(make()));
    this.room.append(...this.parts.map((part) => part.node));
    const soon = onFrame(() => this.draw());
    this.node.addEventListener("scroll", soon, { passive: true });
    this.node.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(soon).observe(this.node);
  }

  #part(part) {
    part.index = -1;
    part.node.style.height = `${this.rowHeight}px`;
    part.node.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.button) return;
      event.preventDefault();
      this.open(part.item);
    });
    part.link.addEventListener("focus", () => {
      this.active = this.keyOf(part.item);
      this.#tabStops();
    });
    return part;
  }

  /** Show these items; the row that has the focus keeps it wherever it went. */
  set(items) {
    const hadFocus = this.room.contains(document.activeElement);
    const held = this.active;
    this.items = items;
    this.room.style.height = `${items.length * this.rowHeight}px`;
    this.draw();
    if (!hadFocus) return;
    const index = items.findIndex((item) => this.keyOf(item) === held);
    if (index >= 0) this.#focus(index, false);
  }

  /** Draw what is in the window from what the items say now. */
  draw() {
    const seen = Math.ceil(this.node.clientHeight / this.rowHeight);
    const slack = Math.max(2, Math.floor((NODES - seen) / 2));
    const last = Math.max(0, this.items.length - NODES);
    const first = Math.min(last, Math.max(0, Math.floor(this.node.scrollTop / this.rowHeight) - slack));
    for (let index = first; index < first + NODES; index += 1) this.#place(this.parts[index % NODES], index);
    this.#tabStops();
  }

  #place(part, index) {
    part.index = index;
    part.item = this.items[index];
    part.node.hidden = !part.item;
    if (!part.item) return;
    part.node.style.transform = `translateY(${index * this.rowHeight}px)`;
    part.node.setAttribute("aria-rowindex", index + 2);
    part.show(part.item);
  }

  /** One row can be reached by Tab: the active one, else the first that is drawn. */
  #tabStops() {
    const drawn = this.parts.filter((part) => part.item);
    const stop = drawn.find((part) => this.keyOf(part.item) === this.active) ?? drawn[0];
    for (const part of this.parts) part.link.tabIndex = part === stop ? 0 : -1;
  }

  #key(event) {
    const at = this.items.findIndex((item) => this.keyOf(item) === this.active);
    const page = Math.max(1, Math.floor(this.node.clientHeight / this.rowHeight) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    let to = null;
    if (event.key in steps) to = at + steps[event.key];
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = this.items.length - 1;
    else if ((event.key === "Enter" || event.key === " ") && at >= 0 && event.target !== this.node) {
      event.preventDefault();
      this.open(this.items[at]);
    }
    if (to === null || !this.items.length) return;
    event.preventDefault();
    this.#focus(Math.min(this.items.length - 1, Math.max(0, to)), true);
  }

  #focus(index, scroll) {
    const top = index * this.rowHeight;
    if (scroll && top < this.node.scrollTop) this.node.scrollTop = top;
    const bottom = top + this.rowHeight - this.node.clientHeight;
    if (scroll && bottom > this.node.scrollTop) this.node.scrollTop = bottom;
    this.draw();
    const part = this.parts[index % NODES];
    if (part.index === index) part.link.focus({ preventScroll: true });
  }
}
