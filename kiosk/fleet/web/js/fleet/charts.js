// Charts by uPlot, in the colours of the page, each with its figures as a table for whoever wants
// them or cannot see the drawing. Without uPlot there are the tables, and the page says so.
import { el, setText } from "/static/js/dom.js";
import { clock, kroner, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";

const HEIGHT_PX = 220;
const SCRIPT = "/static/charts/uPlot.esm.js";
const STYLE = "/static/charts/uPlot.min.css";
let library;

async function uplot() {
  library ??= import(SCRIPT).then((module) => {
    document.head.append(el("link", { rel: "stylesheet", href: STYLE }));
    return module.default;
  });
  return library.catch(() => null);
}

export function valueWords(unit, value) {
  if (value === null || value === undefined) return "–";
  if (unit === "minor") return `${kroner(value)} kr`;
  if (unit === "percent") return `${tenth(value)} %`;
  if (unit === "seconds") return `${whole(value)} s`;
  return Number.isInteger(value) ? whole(value) : tenth(value);
}

/** A chart over time in `box`. Returns what tidies it up. */
export async function timeChart(box, chart, hours) {
  const frame = el("div", { class: "chart-box", role: "img", "aria-label": summary(chart) });
  box.replaceChildren(legend(chart), frame, figures(chart, hours));
  const Plot = await uplot();
  if (!Plot) {
    frame.replaceWith(el("p", { class: "lead" }, t("reports.no_charts")));
    box.querySelector("details").open = true;
    return () => {};
  }
  const at = chart.labels.map((label) => Date.parse(label) / 1000);
  const values = chart.series.map((series) => series.values.map((v) => (v === null ? null : chart.unit === "minor" ? v / 100 : v)));
  if (chart.limit !== null) values.push(at.map(() => (chart.unit === "minor" ? chart.limit / 100 : chart.limit)));
  let plot = null;
  const draw = () => {
    plot?.destroy();
    plot = new Plot(options(chart, frame, hours, Plot), [at, ...values], frame);
  };
  const resize = new ResizeObserver(() => plot?.setSize({ width: frame.clientWidth, height: HEIGHT_PX }));
  draw();
  resize.observe(frame);
  addEventListener("theme", draw);
  return () => {
    resize.disconnect();
    removeEventListener("theme", draw);
    plot?.destroy();
  };
}

function options(chart, frame, hours, Plot) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const font = "15px Selvkasse, system-ui, sans-serif";
  const bars = chart.unit === "minor" || (chart.unit === "count" && chart.limit === null);
  const lines = chart.series.map((series, i) => ({
    label: tOr(`series.${series.name}`, "series.count"), stroke: colour(i ? "--chart-pale" : "--chart"), width: 2.5,
    points: { show: chart.labels.length < 40, size: 6 },
    ...(bars && i === 0 ? { fill: colour("--chart-pale"), width: 0, paths: Plot.paths.bars({ size: [0.7, 60], radius: 0.15 }), points: { show: false } } : {}),
  }));
  if (chart.limit !== null) lines.push({ label: "", stroke: colour("--text-2"), dash: [6, 5], width: 1.5, points: { show: false } });
  const at = chart.labels.map((label) => Date.parse(label) / 1000);
  const half = at.length > 1 ? (at[1] - at[0]) / 2 : 1800;
  const every = Math.ceil(at.length / Math.max(1, Math.floor((frame.clientWidth || 400) / 70)));
  const axis = { stroke: colour("--text-2"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font };
  return {
    width: frame.clientWidth || 400, height: HEIGHT_PX, legend: { show: false }, cursor: { show: false },
    scales: { x: { time: true, range: (_, low, high) => (bars ? [low - half, high + half] : [low, high]) }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.12 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, splits: () => at.filter((_, i) => i % every === 0), values: (_, ticks) => ticks.map((s) => tick(s, hours)) },
      { ...axis, size: 74, values: (_, ticks) => ticks.map((v) => (chart.unit === "percent" ? `${v} %` : Number.isInteger(v) ? whole(v) : tenth(v))) },
    ],
    series: [{}, ...lines],
  };
}

function tick(seconds, hours) {
  const at = new Date(seconds * 1000);
  return hours ? String(at.getHours()).padStart(2, "0") : `${at.getDate()}.${at.getMonth() + 1}.`;
}

function summary(chart) {
  const first = chart.series[0]?.values.filter((v) => v !== null) ?? [];
  if (!first.length) return t("reports.no_data");
  return `${t(`reports.${chart.name}`)} ${t("reports.range", { low: valueWords(chart.unit, Math.min(...first)), high: valueWords(chart.unit, Math.max(...first)) })}`;
}

function legend(chart) {
  const keys = chart.series.length > 1 ? chart.series.map((series, i) => el("span", { class: i ? "key pale" : "key" }, tOr(`series.${series.name}`, "series.count"))) : [];
  if (chart.limit !== null) keys.push(el("span", { class: "key dashed" }, t("reports.dashed", { limit: valueWords(chart.unit, chart.limit) })));
  return el("p", { class: "legend" }, el("span", {}, t(`reports.unit_${chart.unit}`)), keys);
}

function figures(chart, hours) {
  const names = chart.series.map((series) => el("th", { class: "number", scope: "col" }, tOr(`series.${series.name}`, "series.count")));
  const when = (label) => (hours ? clock(label) : `${new Date(label).getDate()}.${new Date(label).getMonth() + 1}.`);
  const rows = chart.labels.map((label, i) => el("tr", {}, el("th", { scope: "row" }, when(label)),
    chart.series.map((series) => el("td", { class: "number" }, valueWords(chart.unit, series.values[i])))));
  return el("details", {}, el("summary", {}, t("reports.as_table")),
    el("table", { class: "grid" }, el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("reports.when")), names)), el("tbody", {}, rows)));
}

/** Named amounts, largest first, as bars with their numbers: a picture that is its own table. */
export function namedBars(box, chart, wordOf) {
  const values = chart.series[0]?.values ?? [];
  const most = Math.max(1, ...values.map((v) => v ?? 0));
  const order = chart.labels.map((_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const bars = order.map((i) => {
    const words = valueWords(chart.unit, values[i]);
    const name = wordOf(chart.labels[i]);
    return el("li", {}, el("span", {}, name), el("meter", { min: 0, max: most, value: values[i] ?? 0, "aria-label": name }), el("span", { class: "number" }, words));
  });
  box.replaceChildren(el("p", { class: "legend" }, t(`reports.unit_${chart.unit}`)), el("ul", { class: "bars" }, bars));
}

export function noFigures(box) {
  box.replaceChildren(el("p", { class: "lead" }, t("reports.no_data")));
  setText(box.firstChild, t("reports.no_data"));
}
