// All kiosks: four figures, search and filters, the table, the alerts beside it.
import * as api from "/static/js/api.js";
import { button, chip, el, keyed, setSign, setText, sign } from "/static/js/dom.js";
import { ago, kroner, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { CONDITIONS, choose, helpPer100 } from "/static/js/fleet/fleet.js";
import { VirtualList } from "/static/js/fleet/virtual_list.js";
import { alertAdvice, alertChip, alertPlace, conditionChip } from "/static/js/fleet/words_of.js";
import { figureCards } from "/static/js/fleet/figures.js";
import { download } from "/static/js/fleet/export.js";

const ROW_PX = 56;
const SORT_AGAIN_MS = 2000; // rows do not jump about under the finger
const FIGURES_MS = 60_000;
const COLUMNS = [
  ["store"], ["kiosk"], ["state", "condition"], ["heard"], ["version"], ["sales", "sales", "number"], ["help", "help", "number"], ["paper", "paper", "number"],
];
const ALERTS_SHOWN = 6;

export class KiosksPage {
  constructor({ fleet, go }) {
    Object.assign(this, { fleet, go });
    this.title = t("nav.kiosks");
    const asked = new URLSearchParams(location.search);
    this.wanted = {
      search: asked.get("q") ?? "", show: asked.get("show") ?? "all", store: asked.get("store") ?? "",
      version: "", group: null, sort: "condition", descending: false,
    };
    this.#build();
    this.alertsHeard = true;
    this.stop = fleet.listen((name, data) => this.#heard(name, data));
    this.timers = [setInterval(() => this.#sortAgain(), SORT_AGAIN_MS), setInterval(() => this.#loadFigures(), FIGURES_MS)];
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
    this.search = el("input", { class: "input", type: "search", placeholder: t("fleet.search"), "aria-label": t("fleet.search"), value: this.wanted.search });
    this.search.addEventListener("input", () => this.#want({ search: this.search.value }));
    this.shows = ["all", "need", "updating"].map((show) => {
      const made = el("button", { type: "button", class: "button", on: { click: () => this.#want({ show }) } },
        show === "all" ? null : sign(show === "need" ? "warning-circle" : "arrows-clockwise"), el("span"));
      made.dataset.show = show;
      return made;
    });
    this.selects = {
      state: this.#select("fleet.all_states", (value) => this.#want({ show: value || "all" })),
      store: this.#select("fleet.all_stores", (value) => this.#want({ store: value })),
      version: this.#select("fleet.all_versions", (value) => this.#want({ version: value })),
      group: this.#select("fleet.all_groups", (value) => this.#want({ group: value === "" ? null : value === "-" ? "" : value })),
    };
    this.list = new VirtualList({
      rowHeight: ROW_PX, label: t("fleet.table"), make: makeRow, keyOf: (row) => row.key,
      open: (row) => this.go(`/fleet/kiosk/${row.key}`),
    });
    this.titles = el("div", { class: "titles", role: "row", "aria-rowindex": "1" }, COLUMNS.map(([name, sort = name, kind = ""]) =>
      el("div", { role: "columnheader", class: kind, "data-sort": sort }, el("button", { type: "button", on: { click: () => this.#sort(sort) } }, t(`fleet.${name}`)))));
    this.table = el("div", { class: "all", role: "table", "aria-label": t("fleet.table") }, el("div", { role: "rowgroup" }, this.titles), this.list.node);
    this.end = el("p", { class: "end", role: "status" });
    this.alertsTitle = el("h2");
    this.alerts = el("ul");
    this.moreAlerts = el("a", { class: "button", href: "/fleet/alerts" });
    this.node = el("div", { class: "fills" },
      el("div", { class: "head" }, this.heading, button(t("fleet.download"), "download-simple", () => download(this.shown, this.fleet))),
      this.figures,
      el("div", { class: "filters", role: "group", "aria-label": t("fleet.filters") },
        el("div", { class: "search" }, sign("magnifying-glass"), this.search), this.shows, Object.values(this.selects)),
      el("div", { class: "two" }, el("div", { class: "sheet table" }, this.table, this.end),
        el("section", { class: "sheet alerts", tabindex: "0", "aria-labelledby": "alerts-title" }, this.alertsTitle, this.alerts, this.moreAlerts)));
    this.alertsTitle.id = "alerts-title";
  }

  #select(label, chosen) {
    const made = el("select", { class: "button", "aria-label": t(label) }, el("option", { value: "" }, t(label)));
    made.addEventListener("change", () => chosen(made.value));
    return made;
  }

  #want(change) {
    Object.assign(this.wanted, change);
    const address = new URL(location.href);
    for (const [name, value] of [["q", this.wanted.search], ["show", this.wanted.show === "all" ? "" : this.wanted.show], ["store", this.wanted.store]]) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(null, "", address);
    this.list.node.scrollTop = 0;
    this.choose();
    if (change.search && !this.fleet.holdsAll) this.#askServer();
  }

  #askServer() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.fleet.searchServer(this.wanted.search).catch(() => {}), 300);
  }

  #sort(sort) {
    const again = this.wanted.sort === sort;
    this.#want({ sort, descending: again && !this.wanted.descending });
  }

  #heard(name, data) {
    this.stale ||= name === "kiosks" && (data === null || this.wanted.sort !== "condition" || data.some(movesRows));
    this.alertsHeard ||= name === "alerts" || data === null;
    if (name === "kiosks" && !this.shown?.length) this.choose();
    this.drawing ??= requestAnimationFrame(() => {
      this.drawing = null;
      this.list.draw();
      this.#drawWords();
    });
  }

  #sortAgain() {
    if (this.stale) this.choose();
  }

  /** Search, filter and sort anew. */
  choose() {
    this.stale = false;
    this.shown = choose(this.fleet.rows.values(), this.wanted);
    this.list.set(this.shown);
    this.table.setAttribute("aria-rowcount", this.shown.length + 1);
    this.#drawWords();
    this.#drawChoices();
  }

  #drawWords() {
    const { fleet, wanted } = this;
    setText(this.heading, t("fleet.title", { n: whole(fleet.total), m: whole(fleet.counts.fine ?? 0) }));
    const numbers = { all: fleet.total, need: fleet.needCount, updating: fleet.counts.updating };
    for (const made of this.shows) {
      const { show } = made.dataset;
      setText(made.lastChild, t(`fleet.filter_${show}`, { n: whole(numbers[show] ?? 0) }));
      made.setAttribute("aria-pressed", String(wanted.show === show));
    }
    setText(this.end, this.shown.length ? t("fleet.shows", { n: whole(this.shown.length), m: whole(fleet.total) }) : t(fleet.heardAt ? "fleet.no_hits" : "app.loading"));
    for (const title of this.titles.children) {
      const sorted = title.dataset.sort === wanted.sort && wanted.sort !== "condition";
      if (sorted) title.setAttribute("aria-sort", wanted.descending ? "descending" : "ascending");
      else title.removeAttribute("aria-sort");
    }
    if (this.alertsHeard) this.#drawAlerts();
  }

  #drawChoices() {
    const rows = [...this.fleet.rows.values()];
    fill(this.selects.state, CONDITIONS.map((one) => [one, t(`condition.${one}`)]), CONDITIONS.includes(this.wanted.show) ? this.wanted.show : "");
    fill(this.selects.store, [...this.fleet.stores.values()].map((store) => [store.key, store.name || store.key]), this.wanted.store);
    fill(this.selects.version, [...new Set(rows.map((row) => row.software).filter(Boolean))].sort().map((v) => [v, v]), this.wanted.version);
    const groups = [...new Set(rows.map((row) => row.group))].sort();
    this.selects.group.hidden = groups.every((group) => !group);
    fill(this.selects.group, groups.map((group) => [group || "-", group || t("fleet.no_group")]), this.wanted.group === null ? "" : this.wanted.group || "-");
  }

  #drawAlerts() {
    this.alertsHeard = false;
    const alerts = this.fleet.openAlerts;
    setText(this.alertsTitle, alerts.length ? t("fleet.alerts", { n: alerts.length }) : t("fleet.no_alerts"));
    keyed(this.alerts, alerts.slice(0, ALERTS_SHOWN), (alert) => alert.id, (alert) => this.#alert(alert));
    this.moreAlerts.hidden = alerts.length <= ALERTS_SHOWN;
    setText(this.moreAlerts, t("fleet.more_alerts", { n: alerts.length }));
  }

  #alert(first) {
    const place = el("strong");
    const advice = el("p", { class: "lead" });
    const open = el("a", { href: first.key ? `/fleet/kiosk/${first.key}` : `/fleet?store=${first.store_key}`, "aria-label": `${t("fleet.open")}: ${alertPlace(first, this.fleet.stores)}` }, t("fleet.open"));
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
const movesRows = (change) => ["condition", "gone", "tenant", "software", "group", "name"].some((field) => field in change);

function fill(select, options, value) {
  const signature = JSON.stringify(options);
  if (select.signature !== signature) {
    select.signature = signature;
    select.replaceChildren(select.options[0], ...options.map(([key, name]) => el("option", { value: key }, name)));
  }
  select.value = value;
}

/** One of the 48 rows: made once, told what to show many times. */
function makeRow() {
  const link = el("a");
  const badge = el("span", { class: "chip" }, sign("circle"), el("span"));
  const cells = Array.from({ length: 8 }, (_, i) => el("div", { role: "cell", class: i > 4 ? "number" : "" }));
  cells[0].append(link);
  cells[2].append(badge);
  const node = el("div", { class: "row", role: "row" }, cells);
  function show(row) {
    const at = conditionChip(row);
    setText(link, row.storeName);
    const address = `/fleet/kiosk/${row.key}`;
    if (link.getAttribute("href") !== address) link.setAttribute("href", address);
    setText(cells[1], tillOf(row));
    badge.className = `chip ${at.kind}`;
    setSign(badge.firstChild, at.sign);
    setText(badge.lastChild, at.word);
    setText(cells[3], row.online ? t("time.now") : ago(row.last_heard_at));
    setText(cells[4], row.software || "–");
    setText(cells[5], kroner(row.sales_today_minor));
    const help = helpPer100(row);
    setText(cells[6], help < 0 ? "–" : tenth(help));
    setText(cells[7], row.paper ? tOr(`paper.${row.paper}`, "paper.ok") : "–");
  }
  return { node, link, show };
}
