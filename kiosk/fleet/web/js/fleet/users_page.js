// Who may sign in, and what each may do. Read and changed by administrators.
import * as api from "/static/js/api.js";
import { button, chip, el } from "/static/js/dom.js";
import { ask, choice, field, form, passwordField, tick } from "/static/js/forms.js";
import { t } from "/static/js/text.js";
import { grid } from "/static/js/fleet/grid.js";

const ROLES = ["attendant", "viewer", "operator", "admin"];
const COLUMNS = ["display_name", "name", "role", "stores", "active", "change"];

export class Page {
  constructor({ fleet, user, say }) {
    Object.assign(this, { fleet, user, say });
    this.title = t("users.title");
    this.list = el("div");
    this.stores = el("datalist", { id: "stores" });
    this.node = el(
      "div",
      {},
      el(
        "div",
        { class: "head" },
        el("h1", { tabindex: "-1" }, this.title),
        button(t("users.new"), "user", () => this.#askNew(), "strong"),
      ),
      el("p", { class: "page-lead" }, t("users.lead")),
      this.list,
      this.stores,
    );
  }

  async begin() {
    this.stores.replaceChildren(...[...this.fleet.stores.keys()].map((key) => el("option", { value: key })));
    const found = await api.users().catch((error) => this.say(error.message, "bad"));
    if (!found) return;
    const rows = found.map((one) => [
      one.display_name,
      one.name,
      `${t(`role.${one.role}`)}${one.of_age ? ` · ${t("users.of_age_short")}` : ""}`,
      one.stores.join(", ") || t("users.all_stores"),
      chip(
        one.active
          ? { kind: "fine", sign: "check-circle", word: t("users.active") }
          : { kind: "quiet", sign: "prohibit", word: t("users.inactive") },
      ),
      el("div", { class: "acts" }, this.#changing(one), one.name === this.user.name ? null : this.#turning(one)),
    ]);
    this.list.replaceChildren(
      grid(
        this.title,
        COLUMNS.map((name) => t(`users.${name}`)),
        rows,
      ),
    );
  }

  #changing(one) {
    const made = button(t("users.change_one"), "", () => this.#askChange(one));
    made.setAttribute("aria-label", `${t("users.change_one")}: ${one.display_name}`);
    return made;
  }

  #turning(one) {
    const word = t(one.active ? "users.shut_out" : "users.let_in");
    const made = button(word, one.active ? "lock-simple" : "lock-simple-open", async () => {
      try {
        await api.changeUser(one.name, { active: !one.active });
        await this.begin();
      } catch (error) {
        this.say(error.message, "bad");
      }
    });
    made.setAttribute("aria-label", `${word}: ${one.display_name}`);
    return made;
  }

  #askNew() {
    ask(t("users.new"), (close) =>
      form({
        className: "ask-form",
        parts: [
          field(t("users.name"), "name", {
            pattern: "[a-z0-9][a-z0-9._\\-]{1,39}",
            autocapitalize: "none",
            autocomplete: "off",
            title: t("users.name_rule"),
          }),
          ...personFields({ display_name: "", role: "attendant", stores: [], of_age: false }),
          passwordField(t("users.password"), "password", { minlength: 10, autocomplete: "new-password" }),
        ],
        label: t("users.add"),
        send: async (given) => {
          await api.addUser({ ...personOf(given), name: given.name, password: given.password });
          await this.#done(close, t("users.added", { name: given.display_name }));
        },
      }),
    );
  }

  #askChange(one) {
    const own = one.name === this.user.name;
    ask(t("users.change_title", { name: one.display_name }), (close) =>
      form({
        className: "ask-form",
        parts: [
          ...personFields(one),
          // One's own is changed where the old one is asked for.
          own
            ? null
            : passwordField(t("users.new_password"), "password", {
                required: false,
                minlength: 10,
                autocomplete: "new-password",
              }),
          el("p", { class: "lead" }, t("users.change_lead")),
        ],
        label: t("app.save"),
        send: async (given) => {
          await api.changeUser(one.name, {
            ...personOf(given),
            ...(given.password ? { password: given.password } : {}),
          });
          await this.#done(close, t("users.changed", { name: given.display_name }));
        },
      }),
    );
  }

  async #done(close, words) {
    close();
    this.say(words);
    await this.begin();
  }
}

function personFields(one) {
  return [
    field(t("users.display_name"), "display_name", { autocomplete: "off", maxlength: 200, value: one.display_name }),
    choice(
      t("users.role"),
      "role",
      ROLES.map((role) => [role, t(`role.${role}`)]),
      one.role,
    ),
    field(t("users.stores"), "stores", {
      required: false,
      list: "stores",
      placeholder: t("users.all_stores"),
      autocomplete: "off",
      value: one.stores.join(" "),
    }),
    tick(t("users.of_age"), "of_age", one.of_age),
  ];
}

const personOf = ({ display_name: shown, role, stores, of_age: ofAge }) => ({
  display_name: shown,
  role,
  of_age: ofAge === "on",
  stores: stores.split(/[\s,]+/).filter(Boolean),
});
