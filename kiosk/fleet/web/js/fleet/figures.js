// The four cards over the table: one figure each, with where it comes from and where it should be.
import { el } from "/static/js/dom.js";
import { inUnit, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";
import { sparkBars, sparkLine } from "/static/js/fleet/spark.js";

/** The cards for what the server answered. */
export const figureCards = (found) => found.figures.map(card);

function card(figure) {
  const bars = figure.name === "sales";
  const drawing = figure.spark.length ? (bars ? sparkBars(figure.spark) : sparkLine(figure.spark, figure.goal)) : null;
  return el(
    "section",
    { class: "sheet figure" },
    el("p", {}, tOr(`figure.${figure.name}`, "figure.sales")),
    el("strong", {}, valueWords(figure, figure.value)),
    el("p", {}, note(figure)),
    drawing,
  );
}

// Help per hundred sales is a rate: with a tenth even where it happens to be whole.
const valueWords = (figure, value) =>
  figure.unit === "count" && value !== null ? tenth(value) : inUnit(figure.unit, value);

function note(figure) {
  if (figure.name === "sales") return t("figure.sales_note", { n: whole(figure.count), count: figure.count });
  if (figure.goal !== null) return t("figure.goal", { goal: valueWords(figure, figure.goal) });
  if (figure.yesterday !== null && figure.value !== null) {
    const change = figure.value - figure.yesterday;
    if (Math.abs(change) < 0.05) return t("figure.same");
    return t("figure.than_yesterday", { change: `${change < 0 ? "↓" : "↑"} ${valueWords(figure, Math.abs(change))}` });
  }
  return figure.name === "help_seconds" ? t("figure.help_seconds_note") : "";
}
