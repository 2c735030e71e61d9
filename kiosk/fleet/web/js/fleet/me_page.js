// The one who is signed in: look, language, password, signing out. The same as on the board, without the bell.
import { el } from "/static/js/dom.js";
import { t } from "/static/js/text.js";
import { personal } from "/static/js/personal.js";

export class Page {
  constructor({ user, say }) {
    this.title = t("me.title");
    const box = el("div", { class: "me" });
    const redraw = () => {
      const place = [...box.querySelectorAll("button")].indexOf(document.activeElement);
      box.replaceChildren(...personal({ redraw, say }));
      if (place >= 0) box.querySelectorAll("button")[place].focus();
    };
    redraw();
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, user.display_name)), box);
  }
}
