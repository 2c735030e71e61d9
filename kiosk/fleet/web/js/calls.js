// What a call for a person is about, and what may be answered from here.
import { t, tOr } from "/static/js/text.js";

const SIGNS = {
  age: "identification-card",
  alcohol_hours: "clock",
  weight: "scales",
  unknown_item: "barcode",
  price_query: "tag",
  quantity_limit: "list-bullets",
  recalled: "prohibit",
  expired: "calendar-check",
  help: "hand-palm",
  random_check: "list-checks",
  voucher: "tag",
  payment_in_doubt: "credit-card",
  device: "plug",
};
const CALLING = new Set(["help", "device", "payment_in_doubt"]);
const YES = {
  weight: "fine",
  price_query: "price",
  help: "done",
  unknown_item: "done",
  device: "done",
  random_check: "check",
  payment_in_doubt: "paid",
  age: "age",
};
const NO = { age: "age", random_check: "check", payment_in_doubt: "not_paid" };
const BAG = { lighter: "kind.lighter", not_placed: "kind.not_placed" };
/** Nothing that a glance at a card can answer: first somebody looks, here or there. */
const LOOK_FIRST = new Set(["payment_in_doubt", "random_check"]);

const lineName = (call) => call.line?.name ?? "";

export const callSign = (call) => SIGNS[call.kind] ?? "hand-palm";
export const callShort = (call) => tOr(`short.${call.kind}`, "short.other");

/** Money that could not go back: of the sale at the kiosk, or of one that is over. */
const isGiveBack = (call) => (call.reason ?? "").startsWith("reversal_failed:");

/** The call's title: "Alder 18: Pilsner", "Posen er for tung". */
export function callTitle(call) {
  const values = { reason: call.reason, line: lineName(call) };
  if (call.kind === "age") return t(lineName(call) ? "kind.age" : "kind.age_no_line", values);
  if (call.kind === "weight" && call.reason in BAG) return t(BAG[call.reason]);
  if (isGiveBack(call)) return t("kind.give_back");
  return tOr(`kind.${call.kind}`, "kind.other", values);
}

/**
 * Whether somebody is asked to come. What is noted stops nobody and mostly asks nobody, but a
 * shopper who calls, a device and a payment in doubt do.
 */
export const callsSomebody = (call) => call.policy !== "noted" || CALLING.has(call.kind);

/** The line under it: what to do, or what it is about. */
export function callLead(call) {
  if (call.kind === "help") return call.reason ? tOr(`lead.help_${call.reason}`, "lead.help_other") : "";
  if (call.kind === "device")
    return call.reason ? tOr(`device.${call.reason}`, "lead.about", { line: call.reason }) : "";
  if (call.kind === "weight") return lineName(call) ? t("lead.after", { line: lineName(call) }) : "";
  if (isGiveBack(call)) return t("lead.give_back");
  return tOr(`lead.${call.kind}`, "lead.about", { line: lineName(call) });
}

export const yesWords = (call) =>
  t(`yes.${isGiveBack(call) ? "given_back" : (YES[call.kind] ?? "approve")}`, { age: call.reason });
export const noWords = (call) =>
  t(`no.${isGiveBack(call) ? "follow_up" : (NO[call.kind] ?? (call.line ? "line" : "refuse"))}`);

/**
 * The two buttons of a card, each {does, label, sign}: first what most will want.
 * What the law keeps for somebody at the kiosk is never offered as a yes from here.
 */
export function cardAnswers(call) {
  const coming = { does: "coming", label: t("do.coming"), sign: "person-simple-walk" };
  const look = { does: "look", label: t("do.look"), sign: "list-checks" };
  const no = { does: "no", label: noWords(call), sign: "x" };
  const yes = { does: "yes", label: yesWords(call), sign: "check" };
  if (!call.remote_ok) return [coming, call.may_refuse ? no : look];
  if (LOOK_FIRST.has(call.kind)) return [coming, look];
  if (call.kind === "help" || call.kind === "device") return [coming, yes];
  if (call.kind === "weight" || !call.may_refuse) return [yes, look];
  return [yes, no];
}

/** All that may be answered, for the sale's page. */
export function allAnswers(call) {
  const answers = [{ does: "coming", label: t("do.coming"), sign: "person-simple-walk" }];
  if (call.remote_ok) answers.push({ does: "yes", label: yesWords(call), sign: "check" });
  if (call.may_refuse) answers.push({ does: "no", label: noWords(call), sign: "x" });
  return answers;
}

/** Staff who are known at their kiosk alone: a made-up id, and the name does not leave the store. */
const PSEUDONYM = /^s-[0-9a-f]{6,}$/;

/** How it ended, in words for the card and the log. */
export function settledWords(settled) {
  if (settled.where === "itself") return t("settled.itself");
  const ended = settled.approved ? "settled.approved" : "settled.refused";
  if (!settled.name && PSEUDONYM.test(settled.attendant_id)) return t(`${ended}_there`);
  return t(ended, { name: settled.name || settled.attendant_id || t("settled.someone") });
}
