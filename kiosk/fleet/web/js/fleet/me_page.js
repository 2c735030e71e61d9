// The one who is signed in: look, language, signing out. The same as on the board, without the bell.
import { el } from "/static/js/dom.js";
import { t } from "/static/js/text.js";
import { personal } from "/static/js/personal.js";

export class Page {
  constructor({ user }) {
    this.title = t("me.title");
    const box = el("div", { class: "form" });
    const draw = () => box.replaceChildren(...personal(draw));
    draw();
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, user.display_name)), box);
  }
}
