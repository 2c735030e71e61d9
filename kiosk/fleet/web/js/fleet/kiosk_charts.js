// The drawings on a kiosk's page: two figures of its day, and how its machine has been.
import * as api from "/static/js/api.js";
import { el, setText } from "/static/js/dom.js";
import { clock, kroner, tenth, whole } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { sparkBars, sparkLine } from "/static/js/fleet/spark.js";

const WIDTH = 300;
const TALL = 78;
const LOW = 56;
const GIGABYTE = 1e9;
const MEGABYTE = 1e6;

/** Each answers one question. `limit` is where an alert begins unless the server is set otherwise. */
const HEALTH = [
  { name: "temperature", series: "temperature_c", limit: 75, words: (v) => `${whole(v)} °C` },
  { name: "disk", series: "disk_free_bytes", words: (v) => `${tenth(v / GIGABYTE)} GB` },
  { name: "memory", series: "rss_bytes", words: (v) => `${whole(v / MEGABYTE)} MB` },
  { name: "clock", series: "clock_offset_ms", words: (v) => `${whole(v)} ms` },
];

/** Sales of today and help of the last week, as cards. */
export class Figures {
  constructor() {
    this.sales = card(t("kiosk.sales"));
    this.help = card(t("kiosk.help"));
    this.node = el("div", { class: "pair-of" }, this.sales.node, this.help.node);
  }

  async load(key) {
    const chart = (name, more) => api.chart(name, { kiosk: key, ...more }).catch(() => null);
    const [sales, help] = await Promise.all([
      chart("sales", { days: 1, bucket: "hour" }),
      chart("help_per_100", { days: 7 }),
    ]);
    const hours = sales?.series[0]?.values ?? [];
    const sum = hours.reduce((total, v) => total + (v ?? 0), 0);
    this.sales.set(
      `${kroner(sum)} kr`,
      hours.length ? sparkBars(hours, WIDTH, TALL) : null,
      hours.length ? `${clock(sales.labels[0])} – ${t("time.now")}` : t("reports.no_data"),
    );
    const rates = help?.series[0]?.values ?? [];
    const last = rates.findLast((v) => v !== null);
    this.help.set(
      last === undefined ? "–" : tenth(last),
      last === undefined ? null : sparkLine(rates, help.limit, { width: WIDTH, height: TALL }),
      last === undefined ? t("reports.no_data") : t("kiosk.average"),
    );
  }
}

/** Health of the last day, a line for each question; what the kiosk never said is left out. */
export function drawHealth(box, health) {
  const lines = HEALTH.map(({ name, series, limit = null, words }) => {
    const values = health?.series[series] ?? [];
    const now = values.findLast((v) => v !== null);
    if (now === undefined) return null;
    const known = values.filter((v) => v !== null);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const range =
      low === high ? t("kiosk.health_same") : t("kiosk.health_range", { low: words(low), high: words(high) });
    return el(
      "div",
      { class: "vital" },
      el("p", {}, t(`kiosk.${name}`)),
      el("strong", {}, words(now)),
      wide(sparkLine(values, limit, { width: WIDTH, height: LOW, from: 0 })),
      el("p", { class: "lead" }, limit === null ? range : `${range} · ${t("reports.dashed", { limit: words(limit) })}`),
    );
  }).filter(Boolean);
  box.replaceChildren(...(lines.length ? lines : [el("p", { class: "lead" }, t("reports.no_data"))]));
}

/** A card with one figure, its drawing and a word about it. */
function card(title) {
  const value = el("p", { class: "value" }, "–");
  const drawing = el("div");
  const note = el("p", { class: "lead" });
  return {
    node: el("section", { class: "sheet part" }, el("h2", { class: "small-title" }, title), value, drawing, note),
    set(words, svg, under) {
      setText(value, words);
      drawing.replaceChildren(...(svg ? [wide(svg)] : []));
      setText(note, under);
    },
  };
}

function wide(svg) {
  svg.classList.add("wide");
  return svg;
}
