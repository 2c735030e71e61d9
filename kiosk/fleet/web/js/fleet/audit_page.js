// Who did what. Newest first; read by administrators.
import * as api from "/static/js/api.js";
import { button, el } from "/static/js/dom.js";
import { clockSeconds } from "/static/js/format.js";
import { hasText, t, tOr } from "/static/js/text.js";
import { grid } from "/static/js/fleet/grid.js";

export class Page {
  constructor() {
    this.title = t("audit.title");
    this.entries = [];
    this.list = el("div");
    this.older = button(t("app.older"), "arrow-down", () => this.#load());
    this.older.hidden = true;
    this.node = el(
      "div",
      {},
      el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)),
      el("p", { class: "page-lead" }, t("audit.lead")),
      this.list,
      el("p", { class: "acts" }, this.older),
    );
  }

  begin() {
    return this.#load();
  }

  async #load() {
    try {
      const page = await api.audit({ limit: 100, before: this.before || undefined });
      this.entries.push(...page.entries);
      this.before = page.before;
      this.older.hidden = !page.before;
    } catch (error) {
      this.list.replaceChildren(
        el("p", { class: "banner bad", role: "alert" }, error.status === 403 ? t("audit.forbidden") : error.message),
      );
      return;
    }
    const rows = this.entries.map((one) => [
      clockSeconds(one.at_utc),
      `${one.actor}${one.role ? ` · ${tOr(`role.${one.role}`, "role.viewer")}` : ""}`,
      actionWords(one),
      one.target,
      one.address,
    ]);
    this.list.replaceChildren(
      grid(
        this.title,
        ["when", "who", "what", "target", "from"].map((name) => t(`audit.${name}`)),
        rows,
      ),
    );
  }
}

/** What was done: a word of its own, or what a kiosk was asked for. */
const word = (action) =>
  tOr(`action.${action}`, hasText(`do.${action}`) ? `do.${action}` : "audit.kind", { kind: action });

function actionWords({ action, detail }) {
  const about = [detail.kind && word(detail.kind), detail.verdict].filter(Boolean).join(" · ");
  return [word(action), about].filter(Boolean).join(": ");
}
