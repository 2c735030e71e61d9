// What each may choose for this device, one's own password, and signing out.
import * as api from "/static/js/api.js";
import { button, el } from "/static/js/dom.js";
import { ask, form, passwordField } from "/static/js/forms.js";
import { chooseTheme, chosenTheme, t } from "/static/js/text.js";
import { languages } from "/static/js/sign_in.js";

const LOOKS = { "": "device-mobile", light: "sun", dark: "moon" };

/** A titled part of a personal page. */
export const part = (title, ...content) => el("section", { class: "sheet part" }, el("h2", {}, title), content);

/** A button that is on or off, and says which. */
export function toggle(label, signName, on, does) {
  const made = button(label, signName, does);
  made.setAttribute("aria-pressed", String(on));
  return made;
}

/** The parts of a personal page; `redraw()` is called after a change, `say(text)` when one is done. */
export function personal({ redraw, say }) {
  const looks = Object.entries(LOOKS).map(([name, signName]) =>
    toggle(t(`me.look_${name || "auto"}`), signName, chosenTheme() === name, () => {
      chooseTheme(name);
      redraw();
    }),
  );
  const out = button(t("me.sign_out"), "sign-out", async () => {
    await api.signOut().catch(() => {});
    location.reload();
  });
  return [
    part(t("me.look"), el("p", { class: "acts" }, looks)),
    part(t("me.language"), languages()),
    part(
      t("me.account"),
      el(
        "p",
        { class: "acts" },
        button(t("me.password"), "lock-simple", () => askPassword(say)),
        out,
      ),
    ),
  ];
}

function askPassword(say) {
  ask(t("me.password"), (close) =>
    form({
      className: "ask-form",
      parts: [
        passwordField(t("me.password_now"), "current", { autocomplete: "current-password" }),
        passwordField(t("me.password_new"), "new", {
          autocomplete: "new-password",
          minlength: 10,
          maxlength: 200,
          "aria-describedby": "password-rule",
        }),
        el("p", { class: "lead", id: "password-rule" }, t("me.password_rule")),
      ],
      label: t("me.password_go"),
      words: (error) => (error.code === "wrong_password" ? t("me.password_wrong") : error.message),
      send: async (given) => {
        await api.changePassword(given.current, given.new);
        close();
        say(t("me.password_done"));
      },
    }),
  );
}
