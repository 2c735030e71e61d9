// One line at the foot that says what came of a touch, and goes by itself.
import { el, sign } from "/static/js/dom.js";
import { patience } from "/static/js/patience.js";

const STAYS_MS = patience(6000);
const SIGNS = { fine: "check-circle", bad: "warning-circle", people: "info" };

export class Toast {
  constructor() {
    this.node = el("div", { class: "toast", role: "status" });
  }

  /** `kind` is fine, bad or people. */
  say(text, kind = "fine") {
    this.node.replaceChildren(sign(SIGNS[kind]), el("span", {}, text));
    clearTimeout(this.going);
    this.going = setTimeout(() => this.node.replaceChildren(), STAYS_MS);
  }
}
