// Signed versions of goods and prices, and of settings: uploaded once, fetched by the kiosks.
import * as api from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { bytes, clock, whole } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { grid } from "/static/js/fleet/grid.js";

const OPERATORS = new Set(["operator", "admin"]);

export class Page {
  constructor({ user, say }) {
    this.say = say;
    this.title = t("catalogs.title");
    this.list = el("div");
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)), el("p", { class: "page-lead" }, t("catalogs.lead")),
      OPERATORS.has(user.role) && !user.stores?.length ? this.#form() : null, this.list);
  }

  async begin() {
    const found = await api.snapshots().catch((error) => this.say(error.message, "bad"));
    if (!found) return;
    const rows = found.map((one) => [one.version, t(`rollouts.kind_${one.kind}`), bytes(one.size_bytes), one.note, `${one.uploaded_by}, ${clock(one.uploaded_at)}`,
      t("catalogs.running", { n: whole(one.running), count: one.running })]);
    const titles = [t("rollouts.version"), t("catalogs.kind"), t("catalogs.size"), t("catalogs.note"), t("catalogs.uploaded"), t("nav.kiosks")];
    this.list.replaceChildren(rows.length ? grid(this.title, titles, rows) : el("p", { class: "banner quiet" }, t("catalogs.none")));
  }

  #form() {
    const field = (label, control) => el("label", { class: "field" }, label, control);
    const kind = el("select", { class: "input", name: "kind" }, ["catalog", "config"].map((one) => el("option", { value: one }, t(`rollouts.kind_${one}`))));
    const mistakes = el("ul", { class: "banner bad mistakes", role: "alert", hidden: true });
    const form = el("form", { class: "sheet form" }, el("h2", {}, t("catalogs.upload")), field(t("catalogs.kind"), kind),
      field(t("rollouts.version"), el("input", { class: "input", name: "version", required: true, pattern: "[A-Za-z0-9._\\-]{1,40}" })),
      field(t("catalogs.note"), el("input", { class: "input", name: "note", maxlength: 200 })),
      field(t("catalogs.file"), el("input", { class: "input", name: "file", type: "file", required: true })),
      mistakes, el("p", {}, el("button", { class: "button strong" }, t("catalogs.upload"))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { file, ...query } = Object.fromEntries(new FormData(form));
      mistakes.hidden = true;
      try {
        await api.upload(query, file);
        form.reset();
        await this.begin();
      } catch (error) {
        // What is wrong with settings is named key by key: too much for a line that goes away.
        mistakes.replaceChildren(...(error.detail ?? "").split("\n").map((line) => el("li", {}, line)));
        mistakes.hidden = error.status !== 422 || !error.detail;
        this.say(error.message, "bad");
      }
    });
    return form;
  }
}
