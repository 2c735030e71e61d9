// What the operator's pages know: all kiosks, stores, alerts and roll-outs, as the server last said.
import * as api from "/static/js/api.js";
import { numberOf } from "/static/js/standing.js";
import { addWords } from "/static/js/text.js";
import { nbFleet } from "/static/js/words/nb_fleet.js";
import { enFleet } from "/static/js/words/en_fleet.js";

addWords({ nb: nbFleet, en: enFleet });

const FIRST = 60; // enough for the first screen
const ALL = 20_000; // the most that the server gives at once; beyond it the search asks the server

export const CONDITIONS = ["waiting", "trouble", "offline", "warning", "updating", "paused", "closed", "fine"];
const NEEDS = new Set(["waiting", "trouble", "offline", "warning"]);

export class Fleet {
  constructor() {
    this.rows = new Map();
    this.total = 0;
    this.counts = {};
    this.stores = new Map();
    this.alerts = new Map();
    this.calls = new Map();
    this.heardAt = null;
    this.listeners = new Set();
  }

  /** Be told of each change until the returned function is called. */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  #tell(name, data) {
    for (const listener of this.listeners) listener(name, data);
  }

  /** Load what the first screen needs, show it, then the rest. Returns the stream's position. */
  async begin() {
    const [first, stores, alerts, calls] = await Promise.all([
      api.kiosks({ limit: FIRST }),
      api.stores(),
      api.alerts({ state: ["open", "acknowledged"] }),
      api.interventions({ limit: 1000 }),
    ]);
    this.stores = new Map(stores.map((store) => [store.key, store]));
    this.alerts = new Map(alerts.map((alert) => [alert.id, alert]));
    this.calls = new Map(calls.map((call) => [call.id, call]));
    this.#load(first, true);
    if (first.total <= first.kiosks.length) return first.position;
    const whole = await api.kiosks({ limit: ALL });
    this.#load(whole, true);
    return whole.position;
  }

  #load(page, anew) {
    if (anew) this.rows = new Map();
    for (const row of page.kiosks) this.rows.set(row.key, this.#ready(row));
    this.total = page.total;
    this.counts = page.counts;
    this.heardAt = Date.now();
    this.#tell("kiosks", null);
  }

  /** More kiosks than are held here: let the server look for them. */
  async searchServer(search) {
    const found = await api.kiosks({ search, limit: 500 });
    for (const row of found.kiosks) this.rows.set(row.key, this.#ready(row));
    this.#tell("kiosks", null);
  }

  get holdsAll() {
    return this.rows.size >= this.total;
  }

  #ready(row) {
    row.storeName = this.stores.get(`${row.tenant}/${row.store}`)?.name || row.store;
    row.text = `${row.key} ${row.storeName} ${row.name} ${row.group} ${row.software}`.toLowerCase();
    row.place = `${row.storeName.toLowerCase()}\u0000${numberOf(row).padStart(6, "0")}${row.name}`;
    return row;
  }

  /** Take one event of the stream. */
  take(name, data) {
    this.heardAt = Date.now();
    if (name === "kiosks") for (const change of data) this.#change(change);
    else if (name === "alerts") for (const alert of data) this.#alert(alert);
    else if (name === "interventions") for (const call of data) this.#call(call);
    this.#tell(name, data);
  }

  #change(change) {
    const row = this.rows.get(change.key);
    if (change.gone) {
      if (row) this.#count(row.condition, -1);
      this.rows.delete(change.key);
    } else if (row) {
      if (change.condition && change.condition !== row.condition) {
        this.#count(row.condition, -1);
        this.#count(change.condition, 1);
      }
      Object.assign(row, change);
      if ("name" in change || "group" in change || "software" in change) this.#ready(row);
    } else if (change.tenant) {
      this.rows.set(change.key, this.#ready(change));
      this.#count(change.condition, 1);
      this.total = Math.max(this.total, this.rows.size);
    }
  }

  #count(condition, by) {
    this.counts[condition] = (this.counts[condition] ?? 0) + by;
  }

  #alert(alert) {
    if (alert.state === "closed") this.alerts.delete(alert.id);
    else this.alerts.set(alert.id, alert);
  }

  #call(call) {
    if (call.settled) this.calls.delete(call.id);
    else this.calls.set(call.id, call);
  }

  /** Open alerts: bad before warn, newest first. */
  get openAlerts() {
    const of = (alert) => (alert.severity === "bad" ? 0 : 1);
    return [...this.alerts.values()].sort((a, b) => of(a) - of(b) || b.opened_at.localeCompare(a.opened_at));
  }

  get needCount() {
    return [...NEEDS].reduce((sum, condition) => sum + (this.counts[condition] ?? 0), 0);
  }
}

export const needs = (row) => NEEDS.has(row.condition);
const ORDER = Object.fromEntries(CONDITIONS.map((condition, i) => [condition, i]));
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const SORTS = {
  condition: (a, b) => ORDER[a.condition] - ORDER[b.condition],
  store: () => 0,
  kiosk: (a, b) => compare(a.name, b.name),
  heard: (a, b) => compare(a.last_heard_at, b.last_heard_at),
  version: (a, b) => compare(a.software, b.software),
  sales: (a, b) => b.sales_today_minor - a.sales_today_minor,
  help: (a, b) => helpPer100(b) - helpPer100(a),
  paper: (a, b) => compare(b.paper, a.paper),
};
export const helpPer100 = (row) => (row.sales_today ? (row.calls_today / row.sales_today) * 100 : -1);

/** The rows that fit, in order; trouble first unless another column was asked for. */
export function choose(rows, { search, show, store, version, group, sort, descending }) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (row) =>
    (show === "all" || (show === "need" ? needs(row) : row.condition === show)) &&
    (!store || row.key.startsWith(`${store}/`)) &&
    (!version || row.software === version) &&
    (group === null || row.group === group) &&
    words.every((word) => row.text.includes(word));
  const turned = descending ? -1 : 1;
  return [...rows].filter(fits).sort((a, b) => turned * SORTS[sort](a, b) || compare(a.place, b.place));
}
