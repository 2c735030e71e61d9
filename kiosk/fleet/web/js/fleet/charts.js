// Charts by uPlot, in the colours of the page, each with its figures as a table for whoever wants
// them or cannot see the drawing. Without uPlot there are the tables, and the page says so.
import { el } from "/static/js/dom.js";
import { clock, inUnit, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";

const HEIGHT_PX = 220;
const TICK_PX = 70; // between two dates
const LETTER_PX = 8.5;
const FONT = "15px Selvkasse, system-ui, sans-serif";
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

/** A series has the chart's unit, but for a count beside amounts. */
const unitOf = (chart, series) => (series.name === "count" ? "count" : chart.unit);
const seriesWord = (chart, series) => tOr(`series.${series.name}`, `reports.unit_${unitOf(chart, series)}`);
/** What is drawn: series on the same scale. The others are in the table. */
const drawn = (chart) => chart.series.filter((series) => unitOf(chart, series) === chart.unit);
const scaled = (chart, value) => (value !== null && chart.unit === "minor" ? value / 100 : value);

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
  const values = drawn(chart).map((series) => series.values.map((v) => scaled(chart, v)));
  if (chart.limit !== null) values.push(at.map(() => scaled(chart, chart.limit)));
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
  const bars = chart.unit === "minor" || (chart.unit === "count" && chart.limit === null);
  const at = chart.labels.map((label) => Date.parse(label) / 1000);
  const half = at.length > 1 ? (at[1] - at[0]) / 2 : 1800;
  const every = Math.ceil(at.length / Math.max(1, Math.floor((frame.clientWidth || 400) / TICK_PX)));
  const axis = {
    stroke: colour("--text-2"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    gap: 8,
    font: FONT,
  };
  return {
    width: frame.clientWidth || 400,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [12, 26, 0, 0],
    scales: {
      x: { time: true, range: (_, low, high) => (bars ? [low - half, high + half] : [low, high]) },
      y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.12 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 34,
        grid: { show: false },
        splits: () => at.filter((_, i) => i % every === 0),
        values: (_, ticks) => ticks.map((s) => tick(s, hours)),
      },
      {
        ...axis,
        size: (_, words) => 12 + LETTER_PX * Math.max(2, ...(words ?? []).map((word) => word.length)),
        values: (_, ticks) => ticks.map((v) => tickWord(chart, v)),
      },
    ],
    series: [{}, ...lines(chart, bars, colour, Plot)],
  };
}

function lines(chart, bars, colour, Plot) {
  const made = drawn(chart).map((series, i) => {
    const line = {
      label: seriesWord(chart, series),
      stroke: colour(i ? "--chart-2" : "--chart"),
      width: 2.5,
      points: { show: chart.labels.length < 40, size: 6 },
    };
    if (!bars || i) return line;
    return {
      ...line,
      fill: colour("--chart-2"),
      width: 0,
      paths: Plot.paths.bars({ size: [0.7, 60], radius: 0.15 }),
      points: { show: false },
    };
  });
  if (chart.limit !== null)
    made.push({ label: "", stroke: colour("--text-2"), dash: [6, 5], width: 1.5, points: { show: false } });
  return made;
}

const tickWord = (chart, value) =>
  `${Number.isInteger(value) ? whole(value) : tenth(value)}${chart.unit === "percent" ? " %" : ""}`;

function tick(seconds, hours) {
  const at = new Date(seconds * 1000);
  return hours ? String(at.getHours()).padStart(2, "0") : `${at.getDate()}.${at.getMonth() + 1}.`;
}

function summary(chart) {
  const first = chart.series[0]?.values.filter((v) => v !== null) ?? [];
  if (!first.length) return t("reports.no_data");
  const [low, high] = [Math.min(...first), Math.max(...first)].map((value) => inUnit(chart.unit, value));
  return `${t(`reports.${chart.name}`)} ${t("reports.range", { low, high })}`;
}

function legend(chart) {
  const shown = drawn(chart);
  const keys =
    shown.length > 1
      ? shown.map((series, i) => el("span", { class: i ? "key second" : "key" }, seriesWord(chart, series)))
      : [];
  if (chart.limit !== null)
    keys.push(el("span", { class: "key dashed" }, t("reports.dashed", { limit: inUnit(chart.unit, chart.limit) })));
  return el("p", { class: "legend" }, el("span", {}, t(`reports.unit_${chart.unit}`)), keys);
}

function figures(chart, hours) {
  const names = chart.series.map((series) => el("th", { class: "number", scope: "col" }, seriesWord(chart, series)));
  const when = (label) => (hours ? clock(label) : `${new Date(label).getDate()}.${new Date(label).getMonth() + 1}.`);
  const rows = chart.labels.map((label, i) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, when(label)),
      chart.series.map((series) => el("td", { class: "number" }, inUnit(unitOf(chart, series), series.values[i]))),
    ),
  );
  return el(
    "details",
    {},
    el("summary", {}, t("reports.as_table")),
    el(
      "table",
      { class: "grid" },
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("reports.when")), names)),
      el("tbody", {}, rows),
    ),
  );
}

/** Named amounts, largest first, as bars with their numbers: a picture that is its own table. */
export function namedBars(box, chart, wordOf) {
  const values = chart.series[0]?.values ?? [];
  const most = Math.max(1, ...values.map((v) => v ?? 0));
  const order = chart.labels.map((_, i) => i).sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const bars = order.map((i) => {
    const words = inUnit(chart.unit, values[i]);
    const name = wordOf(chart.labels[i]);
    return el(
      "li",
      {},
      el("span", {}, name),
      el("meter", { min: 0, max: most, value: values[i] ?? 0, "aria-label": name }),
      el("span", { class: "number" }, words),
    );
  });
  box.replaceChildren(el("p", { class: "legend" }, t(`reports.unit_${chart.unit}`)), el("ul", { class: "bars" }, bars));
}

export function noFigures(box) {
  box.replaceChildren(el("p", { class: "lead" }, t("reports.no_data")));
}
