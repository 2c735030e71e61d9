// Signing in, and the first start with the one-time code that the server printed.
import * as api from "/static/js/api.js";
import { el, sign } from "/static/js/dom.js";
import { chooseLanguage, language, t } from "/static/js/text.js";

function field(label, name, props = {}) {
  return el("label", { class: "field" }, label, el("input", { class: "input", name, required: true, ...props }));
}

/** Show the form in `box`; resolves with the session when somebody is signed in. */
export function askWho(box, first) {
  return new Promise((signedIn) => {
    const problem = el("p", { class: "banner bad", role: "alert", hidden: true }, sign("warning-circle"), el("span"));
    const form = el("form", { class: "sheet" },
      el("p", { class: "name" }, el("span", { class: "logo" }, sign("storefront")), t("app.name")),
      el("h1", { tabindex: "-1" }, t(first ? "sign_in.title_first" : "sign_in.title")),
      first && el("p", { class: "lead" }, t("sign_in.lead_first")),
      first && field(t("sign_in.code"), "code", { autocomplete: "one-time-code", autocapitalize: "none", spellcheck: "false" }),
      field(t("sign_in.name"), "name", { autocomplete: "username", autocapitalize: "none", spellcheck: "false" }),
      first && field(t("sign_in.display_name"), "display_name", { autocomplete: "given-name" }),
      field(t("sign_in.password"), "password", { type: "password", autocomplete: first ? "new-password" : "current-password", minlength: first ? 10 : false }),
      first && el("p", { class: "lead" }, t("sign_in.password_rule")),
      problem,
      el("button", { class: "button strong" }, t(first ? "sign_in.make" : "sign_in.go")),
      languages());
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      const given = Object.fromEntries(new FormData(form));
      try {
        const found = first ? await api.firstStart(given) : await api.signIn(given.name.trim().toLowerCase(), given.password);
        box.replaceChildren();
        signedIn(found);
      } catch (error) {
        problem.lastChild.textContent = error.message;
        problem.hidden = false;
      }
    });
    document.title = `${t("sign_in.title")} · ${t("app.name")}`;
    box.replaceChildren(el("main", { class: "sign-in" }, form));
    form.querySelector("input").focus();
  });
}

/** The languages, each in its own words. */
export function languages() {
  const one = (code, name) => el("button", {
    type: "button", class: "button", lang: code, "aria-pressed": String(language === code), on: { click: () => chooseLanguage(code) },
  }, name);
  return el("p", { class: "ways", role: "group", "aria-label": t("me.language") }, one("nb", "Norsk"), one("en", "English"));
}

/** Somebody who is signed in: at once when the session lives, else through the form. */
export async function whoever(box, onTrouble) {
  for (;;) {
    try {
      const found = await api.session();
      return found.user ? found : await askWho(box, found.first_start);
    } catch (error) {
      onTrouble(error);
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }
}
