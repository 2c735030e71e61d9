// What each may choose for this device: look and language, and signing out.
import * as api from "/static/js/api.js";
import { button, el } from "/static/js/dom.js";
import { chooseTheme, chosenTheme, t } from "/static/js/text.js";
import { languages } from "/static/js/sign_in.js";

const LOOKS = { "": "device-mobile", light: "sun", dark: "moon" };

/** The parts of a personal page; `redraw()` is called after a change. */
export function personal(redraw) {
  const looks = Object.entries(LOOKS).map(([name, signName]) => {
    const made = button(t(`me.look_${name || "auto"}`), signName, () => {
      chooseTheme(name);
      redraw();
    });
    made.setAttribute("aria-pressed", String(chosenTheme() === name));
    return made;
  });
  const out = button(t("me.sign_out"), "sign-out", async () => {
    await api.signOut().catch(() => {});
    location.reload();
  });
  return [
    el("section", { class: "sheet part" }, el("h2", {}, t("me.look")), el("p", { class: "acts three" }, looks)),
    el("section", { class: "sheet part" }, el("h2", {}, t("me.language")), languages()),
    el("p", { class: "acts three" }, out),
  ];
}
