// Parts of a kiosk's page that only turn facts into words.
import { chip, el, sign } from "/static/js/dom.js";
import { amount, bytes, clock, counting, whole } from "/static/js/format.js";
import { hasText, t, tOr } from "/static/js/text.js";
import { DEVICE_FINE, DEVICE_SIGNS, deviceWord } from "/static/js/standing.js";
import { callLead, callShort, callSign, callTitle, settledWords } from "/static/js/calls.js";
import { alertAdvice, alertChip } from "/static/js/fleet/words_of.js";

const HELP_SHOWN = 8;
const VERDICTS_FINE = new Set(["done", "taken"]);

/** Who it is and how its machine does, as pairs; what a kiosk has not said is left out. */
export function factList({ row, birth, health, stored_seq: stored, journal_seq: journal, outbox_waiting: queued }) {
  const versions = { ...birth.versions, ...health.versions };
  const facts = [
    ["id", birth.kiosk_id],
    ["software", row.software],
    ["catalog", version(row.catalog)],
    ["config", version(row.config)],
    ["os", versions.os],
    ["terminal", versions.terminal],
    ["group", row.group],
    [
      "journal",
      journal
        ? t(stored >= journal ? "kiosk.journal_whole" : "kiosk.journal_some", { n: whole(journal), m: whole(stored) })
        : "",
    ],
    ["queue", t("kiosk.rows", { n: whole(queued), count: queued })],
    ["disk", health.disk_total_bytes ? `${bytes(health.disk_free_bytes)} / ${bytes(health.disk_total_bytes)}` : ""],
    ["certificate", health.certificate_expires_at ? day(health.certificate_expires_at) : ""],
    ["started", birth.started_at ? clock(birth.started_at) : ""],
  ];
  return facts
    .filter(([, value]) => value)
    .flatMap(([name, value]) => [el("dt", {}, t(`kiosk.${name}`)), el("dd", {}, value)]);
}

/** A version that is a moment is one to the minute; people do not need its fractions. */
const version = (text) => (/^\d{4}-\d\d-\d\dT/.test(text) ? text.slice(0, 16).replace("T", " ") : text);
const day = (iso) => iso.slice(0, 10).split("-").reverse().join(".");

/** Its devices, each with its state in a sign and a word. */
export function deviceList(row, detail) {
  const names = Object.keys(row.devices);
  if (!names.length) return [el("li", { class: "lead" }, t("kiosk.no_devices"))];
  return names.map((name) => {
    const fine = DEVICE_FINE.has(row.devices[name]);
    const at = fine ? { kind: "fine", sign: "check-circle" } : { kind: "bad", sign: "warning-circle" };
    return el(
      "li",
      {},
      sign(DEVICE_SIGNS[name] ?? "plug"),
      el("div", { class: "what" }, el("strong", {}, deviceWord(name)), el("span", {}, deviceNote(name, row, detail))),
      chip({ ...at, word: t(`device.${row.devices[name]}`) }),
    );
  });
}

/** What is worth knowing of a device beside its state. */
function deviceNote(name, row, detail) {
  if (name === "printer" && row.paper) return `${t("fleet.paper")}: ${tOr(`paper.${row.paper}`, "paper.ok")}`;
  const found = detail?.birth.devices?.find?.((device) => device.name === name);
  return found?.protocol || (found?.kind !== name && found?.kind) || "";
}

/** What is wrong now and what to do about it: who waits, then its open alerts. */
export function troubleList(calls, alerts) {
  const line = (at, words, since) =>
    el("li", {}, chip(at), el("p", {}, words), el("p", { class: "lead" }, t("alerts.since", { time: clock(since) })));
  return [
    ...calls.map((call) =>
      line({ kind: "people", sign: callSign(call), word: callTitle(call) }, callLead(call), call.raised_at),
    ),
    ...alerts.map((alert) => line(alertChip(alert), alertAdvice(alert), alert.opened_at)),
  ];
}

/** The help that was given lately: what it was about, how it ended, how long it took. */
export function helpList(calls) {
  if (!calls.length) return [el("li", { class: "lead" }, t("kiosk.help_none"))];
  return calls.slice(0, HELP_SHOWN).map((call) => {
    const took = (Date.parse(call.settled.resolved_at) - Date.parse(call.raised_at)) / 1000;
    return el(
      "li",
      {},
      el("time", { datetime: call.settled.resolved_at }, clock(call.settled.resolved_at)),
      el("strong", {}, callTitle(call)),
      el("p", { class: "lead" }, `${settledWords(call.settled)} · ${counting(took)}`),
    );
  });
}

/** What was asked of it lately, by whom, and what it said. */
export function commandList(statuses) {
  return statuses.map((status) =>
    el(
      "li",
      {},
      el("time", { datetime: status.issued_at }, clock(status.issued_at)),
      el("span", {}, `${tOr(`do.${status.kind}`, "audit.kind", { kind: status.kind })} · ${status.actor}`),
      chip(verdictChip(status)),
    ),
  );
}

function verdictChip({ state, verdict }) {
  if (VERDICTS_FINE.has(verdict)) return { kind: "fine", sign: "check-circle", word: t("asked.done") };
  if (state === "sent") return { kind: "quiet", sign: "clock", word: t("asked.sent") };
  return {
    kind: "wait",
    sign: "warning-circle",
    word: tOr(`asked.${state === "expired" ? "expired" : verdict}`, "asked.refused"),
  };
}

/** The kiosk's journal as a story, newest first. */
export function eventList(events) {
  return events.map((event) =>
    el(
      "li",
      {},
      el("time", { datetime: event.at_utc }, clock(event.at_utc)),
      el("strong", {}, tOr(`event.${event.kind}`, "event.other", { kind: event.kind })),
      el("p", { class: "lead" }, about(event)),
    ),
  );
}

function about({ kind, body }) {
  if (kind === "ItemAdded") return body.product?.name ?? "";
  if (kind === "InterventionRaised") return callShort({ kind: body.kind });
  if (kind === "InterventionResolved")
    return [t(body.approved ? "settled.what_yes" : "settled.what_no"), body.attendant_id || body.where]
      .filter(Boolean)
      .join(" · ");
  if (kind === "PaymentRequested" || kind === "PaymentSettled") {
    return [
      Number.isInteger(body.amount_minor) ? `${amount(body.amount_minor)} kr` : "",
      body.outcome ? tOr(`outcome.${body.outcome}`, "audit.kind", { kind: body.outcome }) : "",
    ]
      .filter(Boolean)
      .join(" · ");
  }
  return hasText(`why.${body.reason}`) ? t(`why.${body.reason}`) : (body.attendant_id ?? "");
}
