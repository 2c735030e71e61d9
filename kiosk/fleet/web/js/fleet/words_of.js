// Conditions and alerts in words and signs.
import { amount, clock, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";
import { DEVICE_SIGNS, downWord, lostDevice, tillOf } from "/static/js/standing.js";

const CONDITION = {
  waiting: ["people", "hand-palm"],
  trouble: ["bad", "warning-circle"],
  offline: ["bad", "wifi-slash"],
  warning: ["wait", "warning"],
  updating: ["people", "arrows-clockwise"],
  paused: ["quiet", "pause"],
  closed: ["quiet", "moon"],
  fine: ["fine", "check-circle"],
};
const RULE_SIGNS = {
  offline: "wifi-slash",
  store_offline: "storefront",
  paper_low: "receipt",
  paper_out: "receipt",
  disk: "hard-drives",
  clock: "clock",
  certificate: "seal-check",
  old_rules: "file-text",
  declines: "credit-card",
  waiting: "hand-palm",
  journal: "file-text",
  journals: "file-text",
  version: "cloud-arrow-down",
  temperature: "thermometer-simple",
  gap: "file-text",
  untaken: "device-mobile",
};

/** The chip of a kiosk in the table: what is wrong, in words, rather than that something is. */
export function conditionChip(row) {
  const [kind, sign] = CONDITION[row.condition] ?? CONDITION.fine;
  if ((row.condition === "trouble" || row.condition === "warning") && row.reason) {
    const device = row.reason === "device_lost" ? (lostDevice(row) ?? row.fault) : "";
    return { kind, sign: ruleSign(row.reason, device), word: ruleWord(row.reason, device) };
  }
  return { kind, sign, word: tOr(`condition.${row.condition}`, "condition.fine") };
}

const ruleSign = (rule, device) => DEVICE_SIGNS[device] ?? RULE_SIGNS[rule] ?? "warning";
const ruleWord = (rule, device) => {
  if (rule !== "device_lost") return tOr(`rule.${rule}`, "rule.other");
  return device ? downWord(device) : t("device.down", { device: t("kiosk.devices") });
};

export function alertChip(alert) {
  const device = alert.detail.device ?? "";
  return {
    kind: alert.severity === "bad" ? "bad" : "wait",
    sign: ruleSign(alert.rule, device),
    word: ruleWord(alert.rule, device),
  };
}

/** Where and since when: "Torshov, kasse 8 · siden 13.58". */
export function alertPlace(alert, stores) {
  const store = stores.get(alert.store_key)?.name || alert.store_key.split("/")[1];
  const till = alert.key && tillOf({ name: alert.kiosk_name, kiosk: alert.key.split("/")[2] });
  const where = till ? `${store}, ${till.toLowerCase()}` : store;
  return `${where} · ${t("alerts.since", { time: clock(alert.opened_at) })}`;
}

const FIGURES = {
  free_percent: (n) => `${tenth(n)} %`,
  percent: (n) => `${tenth(n)} %`,
  minutes: (n) => t("time.minutes", { n: whole(n) }),
  seconds: (n) => `${whole(n)} s`,
  days: (n) => t("time.days", { n: whole(n) }),
  payments: (n) => t("alerts.payments", { n: whole(n) }),
  amount_minor: (n) => `${amount(n)} kr`,
  celsius: (n) => `${whole(n)} °C`,
  hours: (n) => t("time.hours", { n: whole(n) }),
  kiosks: (n) => t("nav.foot_kiosks", { n: whole(n) }),
};

/** What it means and what to do, with its figures first. */
export function alertAdvice(alert) {
  const figures = Object.entries(alert.detail)
    .filter(([name, n]) => name in FIGURES && typeof n === "number")
    .map(([name, n]) => FIGURES[name](n));
  const advice = tOr(`advice.${alert.rule}`, "advice.other");
  return figures.length ? `${figures.join(", ")}. ${advice}` : advice;
}
