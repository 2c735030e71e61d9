// All kiosks: four figures, search and filters, the table, the alerts beside it.
import * as api from "/static/js/api.js";
import { button, chip, el, keyed, onFrame, setText } from "/static/js/dom.js";
import { whole } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { choose } from "/static/js/fleet/fleet.js";
import { Filters, addressOf, wantedOf } from "/static/js/fleet/filters.js";
import { grouped } from "/static/js/fleet/groups.js";
import { COLUMNS, makeRow } from "/static/js/fleet/rows.js";
import { VirtualList } from "/static/js/fleet/virtual_list.js";
import { alertAdvice, alertChip, alertPlace } from "/static/js/fleet/words_of.js";
import { figureCards } from "/static/js/fleet/figures.js";
import { download } from "/static/js/fleet/export.js";

const ROW_PX = 56;
const SORT_AGAIN_MS = 2000; // rows do not jump about under the finger
const FIGURES_MS = 60_000;
const ASK_AFTER_MS = 300; // of no typing, the server is asked
const SAY_AFTER_MS = 800; // of no typing, the number of hits is said aloud
const ALERTS_SHOWN = 6;

export class KiosksPage {
  constructor({ fleet, go }) {
    Object.assign(this, { fleet, go });
    this.title = t("nav.kiosks");
    this.wanted = wantedOf(location.search);
    this.openGroups = new Set();
    this.#build();
    this.alertsHeard = true;
    this.drawSoon = onFrame(() => {
      this.list.draw();
      this.#drawWords();
    });
    this.stop = fleet.listen((name, data) => this.#heard(name, data));
    this.timers = [
      setInterval(() => this.stale && this.choose(), SORT_AGAIN_MS),
      setInterval(() => this.#loadFigures(), FIGURES_MS),
    ];
    this.choose();
    this.#loadFigures();
  }

  close() {
    this.stop();
    this.timers.forEach(clearInterval);
  }

  #build() {
    this.heading = el("h1", { tabindex: "-1" });
    this.figures = el("div", { class: "figures" });
    this.filters = new Filters(this.fleet, this.wanted, (change) => this.#want(change));
    this.list = new VirtualList({
      rowHeight: ROW_PX,
      label: t("fleet.table"),
      make: makeRow,
      keyOf: (item) => item.key,
      open: (item) => this.#open(item),
    });
    this.titles = el(
      "div",
      { class: "titles", role: "row", "aria-rowindex": "1" },
      COLUMNS.map(([name, sort, kind]) =>
        el(
          "div",
          { role: "columnheader", class: kind, "data-sort": sort },
          el("button", { type: "button", on: { click: () => this.#sort(sort) } }, t(`fleet.${name}`)),
        ),
      ),
    );
    this.table = el(
      "div",
      { class: "all", role: "table", "aria-label": t("fleet.table") },
      el("div", { role: "rowgroup" }, this.titles),
      this.list.node,
    );
    this.end = el("p", { class: "end" });
    // The line under the table changes with every kiosk; said aloud is only what a search found.
    this.found = el("p", { class: "out-of-sight", role: "status" });
    this.alertsTitle = el("h2", { id: "alerts-title" });
    this.alerts = el("ul");
    this.moreAlerts = el("a", { class: "button", href: "/fleet/alerts" });
    this.node = el(
      "div",
      { class: "fills" },
      el(
        "div",
        { class: "head" },
        this.heading,
        this.filters.by,
        button(t("fleet.download"), "download-simple", () => download(this.shown)),
      ),
      this.figures,
      this.filters.node,
      el(
        "div",
        { class: "two" },
        el("div", { class: "sheet table" }, this.table, this.end),
        el(
          "section",
          { class: "sheet alerts", tabindex: "0", "aria-labelledby": "alerts-title" },
          this.alertsTitle,
          this.alerts,
          this.moreAlerts,
        ),
      ),
      this.found,
    );
  }

  #open(item) {
    if (!item.head) return this.go(`/fleet/kiosk/${item.key}`);
    if (!this.openGroups.delete(item.key)) this.openGroups.add(item.key);
    return this.#lay();
  }

  #want(change) {
    Object.assign(this.wanted, change);
    history.replaceState(null, "", addressOf(this.wanted, location.href));
    this.list.node.scrollTop = 0;
    this.choose();
    clearTimeout(this.saying);
    this.saying = setTimeout(() => setText(this.found, this.end.textContent), SAY_AFTER_MS);
    if (change.search && !this.fleet.holdsAll) this.#askServer();
  }

  #askServer() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.fleet.searchServer(this.wanted.search).catch(() => {}), ASK_AFTER_MS);
  }

  #sort(sort) {
    const again = this.wanted.sort === sort;
    this.#want({ sort, descending: again && !this.wanted.descending });
  }

  #heard(name, data) {
    this.stale ||=
      name === "kiosks" &&
      (data === null || this.wanted.by || this.wanted.sort !== "condition" || data.some(movesRows));
    this.alertsHeard ||= name === "alerts" || data === null;
    // A list that is new as a whole is shown at once; single changes wait for the next look.
    if (name === "kiosks" && (data === null || !this.shown?.length)) this.choose();
    this.drawSoon();
  }

  /** Search, filter and sort anew. */
  choose() {
    this.stale = false;
    this.shown = choose(this.fleet.rows.values(), this.wanted);
    this.#lay();
    this.#drawWords();
    this.filters.drawChoices();
  }

  /** Lay the chosen rows into the list, under their heads where they are grouped. */
  #lay() {
    const items = this.wanted.by ? grouped(this.shown, this.wanted.by, this.openGroups) : this.shown;
    this.list.set(items);
    this.table.setAttribute("aria-rowcount", items.length + 1);
  }

  #drawWords() {
    const { fleet, wanted } = this;
    setText(
      this.heading,
      t("fleet.title", { n: whole(fleet.total), m: whole(fleet.counts.fine ?? 0), count: fleet.total }),
    );
    setText(this.end, this.#endWords());
    for (const title of this.titles.children) {
      const sorted = title.dataset.sort === wanted.sort && wanted.sort !== "condition";
      if (sorted) title.setAttribute("aria-sort", wanted.descending ? "descending" : "ascending");
      else title.removeAttribute("aria-sort");
    }
    this.filters.drawNumbers();
    if (this.alertsHeard) this.#drawAlerts();
  }

  #endWords() {
    if (this.shown.length)
      return t(this.fleet.holdsAll ? "fleet.shows" : "fleet.shows_some", {
        n: whole(this.shown.length),
        m: whole(this.fleet.total),
      });
    return t(this.fleet.heardAt ? "fleet.no_hits" : "app.loading");
  }

  #drawAlerts() {
    this.alertsHeard = false;
    const alerts = this.fleet.openAlerts;
    setText(this.alertsTitle, alerts.length ? t("fleet.alerts", { n: alerts.length }) : t("fleet.no_alerts"));
    keyed(
      this.alerts,
      alerts.slice(0, ALERTS_SHOWN),
      (alert) => alert.id,
      (alert) => this.#alert(alert),
    );
    this.moreAlerts.hidden = alerts.length <= ALERTS_SHOWN;
    setText(this.moreAlerts, t("fleet.more_alerts", { n: alerts.length }));
  }

  #alert(first) {
    const place = el("strong");
    const advice = el("p", { class: "lead" });
    const open = el(
      "a",
      {
        href: first.key ? `/fleet/kiosk/${first.key}` : `/fleet?store=${first.store_key}`,
        "aria-label": `${t("fleet.open")}: ${alertPlace(first, this.fleet.stores)}`,
      },
      t("fleet.open"),
    );
    const node = el("li", { class: "alert" }, el("div", { class: "row" }, chip(alertChip(first)), open), place, advice);
    return {
      node,
      update: (alert) => {
        setText(place, alertPlace(alert, this.fleet.stores));
        setText(advice, alertAdvice(alert));
      },
    };
  }

  async #loadFigures() {
    const found = await api.figures().catch(() => null);
    if (found) this.figures.replaceChildren(...figureCards(found));
  }
}

/** Whether a change may put a row elsewhere, or in or out of a filter. */
const movesRows = (change) =>
  ["condition", "gone", "tenant", "software", "group", "name"].some((field) => field in change);
