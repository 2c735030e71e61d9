// Parts of a kiosk's page that only turn facts into words.
import { el } from "/static/js/dom.js";
import { amount, bytes, clock, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";
import { callShort } from "/static/js/calls.js";

/** Who it is and how its machine does, as pairs; what a kiosk has not said is left out. */
export function factList({ row, birth, health, stored_seq: stored, journal_seq: journal, outbox_waiting: queued }) {
  const versions = { ...birth.versions, ...health.versions };
  const facts = [
    ["id", birth.kiosk_id], ["software", row.software], ["catalog", row.catalog], ["config", row.config], ["os", versions.os],
    ["terminal", versions.terminal], ["group", row.group],
    ["journal", journal ? t(stored >= journal ? "kiosk.journal_whole" : "kiosk.journal_some", { n: whole(journal), m: whole(stored) }) : ""],
    ["queue", t("kiosk.rows", { n: whole(queued), count: queued })],
    ["disk", health.disk_total_bytes ? `${bytes(health.disk_free_bytes)} / ${bytes(health.disk_total_bytes)}` : ""],
    ["memory", health.rss_bytes ? bytes(health.rss_bytes) : ""],
    ["clock", Number.isFinite(health.clock_offset_ms) ? t("kiosk.clock_off", { n: whole(health.clock_offset_ms) }) : ""],
    ["certificate", health.certificate_expires_at ? day(health.certificate_expires_at) : ""],
    ["started", birth.started_at ? clock(birth.started_at) : ""],
  ];
  return facts.filter(([, value]) => value).flatMap(([name, value]) => [el("dt", {}, t(`kiosk.${name}`)), el("dd", {}, value)]);
}

const day = (iso) => iso.slice(0, 10).split("-").reverse().join(".");

/** What is worth knowing of a device beside its state. */
export function deviceNote(name, row, detail) {
  if (name === "printer" && row.paper) return `${t("fleet.paper")}: ${tOr(`paper.${row.paper}`, "paper.ok")}`;
  const found = detail?.birth.devices?.find?.((device) => device.name === name);
  return found?.protocol || (found?.kind !== name && found?.kind) || "";
}

/** The kiosk's journal as a story, newest first. */
export function eventList(events) {
  return events.map((event) => el("li", {}, el("time", { datetime: event.at_utc }, clock(event.at_utc)),
    el("strong", {}, tOr(`event.${event.kind}`, "event.other", { kind: event.kind })), el("p", { class: "lead" }, about(event))));
}

function about({ kind, body }) {
  if (kind === "ItemAdded") return body.product?.name ?? "";
  if (kind === "InterventionRaised") return callShort({ kind: body.kind });
  if (kind === "InterventionResolved") return [t(body.approved ? "settled.what_yes" : "settled.what_no"), body.attendant_id || body.where].filter(Boolean).join(" · ");
  if (kind === "PaymentRequested" || kind === "PaymentSettled") {
    return [Number.isInteger(body.amount_minor) ? `${amount(body.amount_minor)} kr` : "", body.outcome ?? ""].filter(Boolean).join(" · ");
  }
  return body.reason ?? body.attendant_id ?? "";
}
