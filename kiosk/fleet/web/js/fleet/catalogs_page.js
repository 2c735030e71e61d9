// Signed versions of goods and prices, of settings and of the program: uploaded once, fetched by the kiosks.
import * as api from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { choice, field, form } from "/static/js/forms.js";
import { bytes, clock, whole } from "/static/js/format.js";
import { mayRelease } from "/static/js/rights.js";
import { t } from "/static/js/text.js";
import { grid } from "/static/js/fleet/grid.js";

const KINDS = ["catalog", "config", "software"];

export class Page {
  constructor({ user, say }) {
    this.say = say;
    this.title = t("catalogs.title");
    this.list = el("div");
    this.mistakes = el("ul", { class: "banner bad mistakes", hidden: true });
    this.node = el(
      "div",
      {},
      el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)),
      el("p", { class: "page-lead" }, t("catalogs.lead")),
      el("div", { class: "beside" }, this.list, mayRelease(user) && this.#form()),
    );
  }

  async begin() {
    const found = await api.snapshots().catch((error) => this.say(error.message, "bad"));
    if (!found) return;
    const rows = found.map((one) => [
      one.version,
      t(`rollouts.kind_${one.kind}`),
      bytes(one.size_bytes),
      one.note,
      `${one.uploaded_by}, ${clock(one.uploaded_at)}`,
      t("catalogs.running", { n: whole(one.running), count: one.running }),
    ]);
    const titles = [
      t("rollouts.version"),
      t("catalogs.kind"),
      t("catalogs.size"),
      t("catalogs.note"),
      t("catalogs.uploaded"),
      t("nav.kiosks"),
    ];
    this.list.replaceChildren(
      rows.length ? grid(this.title, titles, rows) : el("p", { class: "banner quiet" }, t("catalogs.none")),
    );
  }

  #form() {
    return form({
      className: "sheet form",
      parts: [
        el("h2", {}, t("catalogs.upload")),
        choice(
          t("catalogs.kind"),
          "kind",
          KINDS.map((kind) => [kind, t(`rollouts.kind_${kind}`)]),
        ),
        field(t("rollouts.version"), "version", { pattern: "[A-Za-z0-9._+\\-]{1,40}", autocomplete: "off" }),
        field(t("catalogs.note"), "note", { required: false, maxlength: 200 }),
        field(t("catalogs.file"), "file", { type: "file" }),
        this.mistakes,
      ],
      label: t("catalogs.upload"),
      send: (given, node) => this.#upload(given, node),
    });
  }

  async #upload({ file, ...query }, node) {
    this.mistakes.hidden = true;
    try {
      await api.upload(query, file);
    } catch (error) {
      // What is wrong with settings is named key by key: a list, not a line.
      this.mistakes.replaceChildren(...(error.detail ?? "").split("\n").map((line) => el("li", {}, line)));
      this.mistakes.hidden = error.status !== 422 || !error.detail;
      throw error;
    }
    node.reset();
    this.say(t("catalogs.done", { version: query.version }));
    await this.begin();
  }
}
