// Signing in, and the first start with the one-time code that the server printed.
import * as api from "/static/js/api.js";
import { el, sign } from "/static/js/dom.js";
import { field, form, passwordField } from "/static/js/forms.js";
import { chooseLanguage, language, t } from "/static/js/text.js";

const AGAIN_MS = 3000;

/** Show the form in `box`; resolves with the session when somebody is signed in. */
function askWho(box, first) {
  return new Promise((signedIn) => {
    const node = form({
      className: "sheet",
      parts: [
        el("p", { class: "name" }, el("span", { class: "logo" }, sign("storefront")), t("app.name")),
        el("h1", { tabindex: "-1" }, t(first ? "sign_in.title_first" : "sign_in.title")),
        first ? firstParts() : knownParts(),
      ].flat(),
      label: t(first ? "sign_in.make" : "sign_in.go"),
      send: async (given) => {
        const found = first
          ? await api.firstStart(given)
          : await api.signIn(given.name.trim().toLowerCase(), given.password);
        box.replaceChildren();
        signedIn(found);
      },
    });
    node.append(languages());
    document.title = `${t("sign_in.title")} · ${t("app.name")}`;
    box.replaceChildren(el("main", { class: "sign-in" }, node));
    node.querySelector("input").focus();
  });
}

const nameField = () =>
  field(t("sign_in.name"), "name", { autocomplete: "username", autocapitalize: "none", spellcheck: "false" });

const knownParts = () => [
  nameField(),
  passwordField(t("sign_in.password"), "password", { autocomplete: "current-password" }),
];

const firstParts = () => [
  el("p", { class: "lead" }, t("sign_in.lead_first")),
  field(t("sign_in.code"), "code", { autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false" }),
  nameField(),
  field(t("sign_in.display_name"), "display_name", { autocomplete: "given-name" }),
  passwordField(t("sign_in.password"), "password", { autocomplete: "new-password", minlength: 10 }),
  el("p", { class: "lead" }, t("sign_in.password_rule")),
];

/** The languages, each in its own words. */
export function languages() {
  const one = (code, name) =>
    el(
      "button",
      {
        type: "button",
        class: "button",
        lang: code,
        "aria-pressed": String(language === code),
        on: { click: () => chooseLanguage(code) },
      },
      name,
    );
  return el(
    "p",
    { class: "ways", role: "group", "aria-label": t("me.language") },
    one("nb", "Norsk"),
    one("en", "English"),
  );
}

/**
 * Somebody who is signed in: at once when the session lives, else through the form. While the
 * server cannot be reached the page says so, and goes on asking.
 */
export async function whoever(box) {
  for (;;) {
    try {
      const found = await api.session();
      return found.user ? found : await askWho(box, found.first_start);
    } catch {
      box.replaceChildren(
        el(
          "main",
          { class: "sign-in" },
          el(
            "p",
            { class: "banner bad", role: "alert" },
            sign("wifi-slash"),
            el("span", {}, `${t("app.offline")}. ${t("app.offline_empty")}`),
          ),
        ),
      );
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }
}
