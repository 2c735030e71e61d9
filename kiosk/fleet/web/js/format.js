// Money, times and durations as people here read them. Prices have a comma in every language.
import { t } from "/static/js/text.js";

const amounts = new Intl.NumberFormat("nb-NO", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const wholes = new Intl.NumberFormat("nb-NO", { maximumFractionDigits: 0, useGrouping: "always" });
const tenths = new Intl.NumberFormat("nb-NO", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = (n) => String(n).padStart(2, "0");

/** 14320 -> "143,20". */
export const amount = (minor) => amounts.format(minor / 100);
/** 41288012 -> "412 880". */
export const kroner = (minor) => wholes.format(Math.round(minor / 100));
export const whole = (n) => wholes.format(n);
export const tenth = (n) => tenths.format(n);

/** "14.26", today's way of writing it in Norway; with the date when it was another day. */
export function clock(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "–";
  const time = `${two(at.getHours())}.${two(at.getMinutes())}`;
  return at.toDateString() === new Date().toDateString() ? time : `${at.getDate()}.${at.getMonth() + 1}. ${time}`;
}
export const clockSeconds = (iso) => `${clock(iso)}.${two(new Date(iso).getSeconds())}`;

/** Seconds as "0:48", "12:05", "1:02:09": a number that counts. */
export function counting(seconds) {
  const s = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return `${minutes}:${two(s % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
}

/** How long ago, in the roughest words that help: "nå", "11 min", "3 t", "2 d". */
export function ago(iso, now = Date.now()) {
  const seconds = (now - new Date(iso).getTime()) / 1000;
  if (Number.isNaN(seconds)) return "–";
  if (seconds < 90) return t("time.now");
  if (seconds < 5400) return t("time.minutes", { n: Math.round(seconds / 60) });
  if (seconds < 129_600) return t("time.hours", { n: Math.round(seconds / 3600) });
  return t("time.days", { n: Math.round(seconds / 86_400) });
}

/** Bytes as "1,4 GB". */
export function bytes(n) {
  if (n >= 1e9) return `${tenth(n / 1e9)} GB`;
  return `${whole(n / 1e6)} MB`;
}

/** A figure of the server in its unit: minor (of money), percent, seconds or a plain number. */
export function inUnit(unit, value) {
  if (value === null || value === undefined) return "–";
  if (unit === "minor") return `${kroner(value)} kr`;
  if (unit === "percent") return `${tenth(value)} %`;
  if (unit === "seconds") return `${whole(value)} s`;
  return Number.isInteger(value) ? whole(value) : tenth(value);
}
