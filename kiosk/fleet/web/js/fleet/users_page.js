// Who may sign in, and what each may do.
import * as api from "/static/js/api.js";
import { button, chip, el } from "/static/js/dom.js";
import { t } from "/static/js/text.js";
import { grid } from "/static/js/fleet/grid.js";

const ROLES = ["attendant", "viewer", "operator", "admin"];

export class Page {
  constructor({ fleet, user, say }) {
    Object.assign(this, { fleet, user, say });
    this.title = t("users.title");
    this.list = el("div");
    this.stores = el("datalist", { id: "stores" });
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)), el("p", { class: "page-lead" }, t("users.lead")), this.list, this.#form());
  }

  async begin() {
    this.stores.replaceChildren(...[...this.fleet.stores.keys()].map((key) => el("option", { value: key })));
    const found = await api.users().catch((error) => this.say(error.message, "bad"));
    if (!found) return;
    const rows = found.map((one) => [one.display_name, one.name, t(`role.${one.role}`), one.stores.join(", ") || t("users.all_stores"),
      chip(one.active ? { kind: "fine", sign: "check-circle", word: t("users.active") } : { kind: "quiet", sign: "prohibit", word: t("users.inactive") }),
      one.name === this.user.name ? "" : this.#turn(one)]);
    this.list.replaceChildren(grid(this.title, ["display_name", "name", "role", "stores", "active"].map((name) => t(`users.${name}`)).concat(t("users.change")), rows));
  }

  #turn(one) {
    const made = button(t(one.active ? "users.shut_out" : "users.let_in"), one.active ? "lock-simple" : "lock-simple-open", () => this.#try(() => api.changeUser(one.name, { active: !one.active })));
    made.setAttribute("aria-label", `${made.textContent}: ${one.display_name}`);
    return made;
  }

  async #try(work) {
    try {
      await work();
      await this.begin();
      return true;
    } catch (error) {
      this.say(error.message, "bad");
      return false;
    }
  }

  #form() {
    const field = (label, control) => el("label", { class: "field" }, label, control);
    const input = (name, props = {}) => el("input", { class: "input", name, ...props });
    const form = el("form", { class: "sheet form", autocomplete: "off" }, el("h2", {}, t("users.new")),
      field(t("users.display_name"), input("display_name", { required: true, autocomplete: "off" })),
      field(t("users.name"), input("name", { required: true, pattern: "[a-z0-9][a-z0-9._\\-]{1,39}", autocapitalize: "none", autocomplete: "off" })),
      field(t("users.role"), el("select", { class: "input", name: "role" }, ROLES.map((role) => el("option", { value: role }, t(`role.${role}`))))),
      field(t("users.stores"), input("stores", { list: "stores", placeholder: t("users.all_stores") })), this.stores,
      el("label", { class: "check" }, el("input", { type: "checkbox", name: "of_age" }), t("users.of_age")),
      field(t("users.password"), input("password", { type: "password", required: true, minlength: 10, autocomplete: "new-password" })),
      el("p", {}, el("button", { class: "button strong" }, t("users.add"))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { stores, of_age: ofAge, ...given } = Object.fromEntries(new FormData(form));
      const asked = { ...given, of_age: ofAge === "on", stores: stores.split(/[\s,]+/).filter(Boolean) };
      if (await this.#try(() => api.addUser(asked))) form.reset();
    });
    return form;
  }
}
