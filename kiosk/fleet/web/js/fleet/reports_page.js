// Charts: each answers one question, with the limit as a dashed line and words for it.
import * as api from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { picker } from "/static/js/forms.js";
import { t, tOr } from "/static/js/text.js";
import { namedBars, noFigures, timeChart } from "/static/js/fleet/charts.js";

const CHARTS = [
  "sales",
  "interventions",
  "reasons",
  "resolve_seconds",
  "abandonment",
  "payment_mix",
  "help_per_100",
  "weight_alarms",
];
const NAMED = {
  reasons: (kind) => tOr(`short.${kind}`, "short.other"),
  payment_mix: (method) => tOr(`method.${method}`, "method.other", { method }),
};
const PERIODS = {
  today: { days: 1, bucket: "hour" },
  week: { days: 7, bucket: "day" },
  month: { days: 30, bucket: "day" },
};

export class Page {
  constructor({ fleet, say }) {
    Object.assign(this, { fleet, say });
    this.title = t("reports.title");
    this.period = "week";
    this.store = "";
    this.tidy = [];
    this.periods = Object.keys(PERIODS).map((period) => {
      const made = el(
        "button",
        { type: "button", class: "button", on: { click: () => this.#want({ period }) } },
        t(`reports.${period}`),
      );
      made.dataset.period = period;
      return made;
    });
    const stores = picker({
      class: "button",
      "aria-label": t("fleet.all_stores"),
      on: { change: () => this.#want({ store: this.stores.value }) },
    });
    this.stores = stores.firstChild;
    this.boxes = Object.fromEntries(CHARTS.map((name) => [name, el("div")]));
    const cards = CHARTS.map((name) =>
      el("section", { class: "sheet part" }, el("h2", {}, t(`reports.${name}`)), this.boxes[name]),
    );
    this.node = el(
      "div",
      {},
      el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)),
      el("div", { class: "filters", role: "group", "aria-label": t("reports.period") }, this.periods, stores),
      el("div", { class: "charts" }, cards),
    );
    this.stop = fleet.listen((name, data) => data === null && this.#drawStores());
  }

  begin() {
    this.#drawStores();
    this.#load();
  }

  close() {
    this.stop();
    this.#clear();
  }

  #clear() {
    for (const tidy of this.tidy) tidy();
    this.tidy = [];
  }

  #want(change) {
    Object.assign(this, change);
    this.#load();
  }

  #drawStores() {
    const options = [...this.fleet.stores.values()].map((store) =>
      el("option", { value: store.key }, store.name || store.key),
    );
    this.stores.replaceChildren(el("option", { value: "" }, t("fleet.all_stores")), ...options);
    this.stores.value = this.store;
  }

  async #load() {
    for (const made of this.periods) made.setAttribute("aria-pressed", String(made.dataset.period === this.period));
    this.#clear();
    const asked = (this.asked = {});
    await Promise.all(
      CHARTS.map(async (name) => {
        const chart = await api.chart(name, { ...PERIODS[this.period], store: this.store }).catch(() => null);
        if (this.asked !== asked) return;
        const box = this.boxes[name];
        if (!chart?.series.some((series) => series.values.some((v) => v !== null))) noFigures(box);
        else if (name in NAMED) namedBars(box, chart, NAMED[name]);
        else this.tidy.push(await timeChart(box, chart, this.period === "today"));
      }),
    );
  }
}
