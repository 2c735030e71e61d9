// Alerts: each told in a sentence, with one thing to do. Bad before warn, newest first.
import * as api from "/static/js/api.js";
import { button, chip, el, onFrame, setText, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { mayDecide, mayOperate } from "/static/js/rights.js";
import { t } from "/static/js/text.js";
import { alertAdvice, alertChip, alertPlace } from "/static/js/fleet/words_of.js";

export class Page {
  constructor({ fleet, user, say }) {
    Object.assign(this, { fleet, user, say });
    this.title = t("alerts.title");
    this.state = "open";
    this.closed = [];
    this.tabs = ["open", "acknowledged", "closed"].map((state) => {
      const made = el("button", { type: "button", class: "button", on: { click: () => this.#show(state) } });
      made.dataset.state = state;
      return made;
    });
    this.list = el("ul", { class: "sheet alerts wide" });
    this.none = el("p", { class: "banner fine" }, sign("check-circle"), el("span", {}, t("alerts.none")));
    this.node = el(
      "div",
      {},
      el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)),
      el("div", { class: "filters", role: "group", "aria-label": t("fleet.filters") }, this.tabs),
      this.none,
      this.list,
    );
    const soon = onFrame(() => this.#draw());
    this.stop = fleet.listen((name, data) => (name === "alerts" || data === null) && soon());
    this.#draw();
  }

  close() {
    this.stop();
  }

  async #show(state) {
    this.state = state;
    if (state === "closed") this.closed = await api.alerts({ state: "closed", limit: 200 }).catch(() => []);
    this.#draw();
  }

  #draw() {
    const open = this.fleet.openAlerts;
    const of = (state) => open.filter((alert) => alert.state === state);
    for (const tab of this.tabs) {
      setText(tab, t(`alerts.state_${tab.dataset.state}`, { n: of(tab.dataset.state).length }));
      tab.setAttribute("aria-pressed", String(tab.dataset.state === this.state));
    }
    const shown = this.state === "closed" ? this.closed : of(this.state);
    const signature = JSON.stringify(shown);
    if (signature === this.signature) return;
    this.signature = signature;
    this.none.hidden = shown.length > 0;
    this.list.hidden = !shown.length;
    this.list.replaceChildren(...shown.map((alert) => this.#alert(alert)));
  }

  #alert(alert) {
    const acts = [];
    if (alert.key)
      acts.push(
        el(
          "a",
          {
            class: "button",
            href: `/fleet/kiosk/${alert.key}`,
            "aria-label": `${t("fleet.open")}: ${alertPlace(alert, this.fleet.stores)}`,
          },
          t("fleet.open"),
        ),
      );
    if (alert.state === "open" && mayDecide(this.user))
      acts.push(button(t("alerts.acknowledge"), "user-check", () => this.#do(api.acknowledge, alert)));
    if (alert.state !== "closed" && mayOperate(this.user))
      acts.push(button(t("alerts.close"), "check", () => this.#do(api.closeAlert, alert)));
    return el(
      "li",
      { class: "alert" },
      el("p", {}, chip(alertChip(alert))),
      el(
        "div",
        {},
        el("strong", {}, alertPlace(alert, this.fleet.stores)),
        el("p", { class: "lead" }, alertAdvice(alert)),
        el("p", { class: "lead" }, by(alert)),
      ),
      el("p", { class: "acts" }, acts),
    );
  }

  async #do(what, alert) {
    try {
      this.fleet.take("alerts", [await what(alert.id)]);
    } catch (error) {
      this.say(error.message, "bad");
    }
  }
}

function by(alert) {
  if (alert.closed_at) {
    const who = alert.closed_by ? t("alerts.closed_by", { name: alert.closed_by }) : t("alerts.closed_itself");
    return `${who} · ${clock(alert.closed_at)}`;
  }
  return alert.acknowledged_by ? t("alerts.seen_by", { name: alert.acknowledged_by }) : "";
}
