// How a kiosk stands, in a sign and a word: for the board's tiles and the operator's table.
import { t, tOr } from "/static/js/text.js";
import { amount, clock } from "/static/js/format.js";

const PHASES = {
  shopping: ["fine", "barcode"],
  paying: ["fine", "credit-card"],
  paid: ["fine", "check-circle"],
  in_doubt: ["wait", "question"],
  staff: ["people", "user-check"],
  waiting: ["people", "hand-palm"],
  idle: ["quiet", "circle"],
};
const MODES = {
  closed: ["quiet", "moon"],
  paused: ["quiet", "pause"],
  training: ["wait", "info"],
  out_of_order: ["bad", "lock-simple"],
};
export const DEVICE_SIGNS = {
  scanner: "barcode",
  scale: "scales",
  bag_scale: "shopping-bag",
  printer: "receipt",
  terminal: "credit-card",
  light: "lightbulb",
  badge: "identification-card",
};
export const DEVICE_FINE = new Set(["ready", "starting", "ok"]);

/** The number that people call a kiosk by: the one at the end of its name, else of its id. */
export function numberOf(row) {
  return (/(\d+)\s*$/.exec(row.name) ?? /(\d+)$/.exec(row.kiosk))?.[1].replace(/^0+(?=\d)/, "") ?? row.kiosk;
}
export const tillOf = (row) => t("board.till", { n: numberOf(row) });

export const lostDevice = (row) => Object.keys(row.devices ?? {}).find((name) => !DEVICE_FINE.has(row.devices[name]));
export const deviceWord = (name) => tOr(`device.${name.replace(/[-_]?\d+$/, "")}`, "device.other", { name });
/** What is wrong with it. A disk is not down: it has no room for the next shopper. */
export const downWord = (name) =>
  name === "disk" ? t("device.disk_full") : t("device.down", { device: deviceWord(name) });

const of = (key, [kind, sign], word) => ({ key, kind, sign, word: word ?? t(`state.${key}`) });

/** The chip of a tile: the worst that an attendant can mend comes before what the shopper does. */
export function standing(row) {
  if (!row.online) return of("offline", ["bad", "wifi-slash"]);
  if (row.paper === "out") return of("paper_out", ["bad", "receipt"]);
  if (row.mode in MODES && row.mode !== "training") return stopped(row);
  if (row.paper === "low") return of("paper_low", ["wait", "receipt"]);
  const device = lostDevice(row);
  if (device) return of("device", ["wait", DEVICE_SIGNS[device] ?? "plug"], downWord(device));
  if (row.mode === "training") return of("training", MODES.training);
  return row.phase in PHASES ? of(row.phase, PHASES[row.phase]) : of(row.phase ? "unknown" : "idle", PHASES.idle);
}

function stopped(row) {
  if (row.mode !== "closed") return of(row.mode, MODES[row.mode]);
  // Closed because something is down is another thing than closed for the night.
  return of("closed", row.fault || lostDevice(row) ? ["bad", "lock-simple"] : MODES.closed);
}

/** The words under the number: what is in the sale, or why there is none. `big` is for a till. */
export function tileWords(row) {
  const at = standing(row);
  const sale = row.item_count > 0;
  const items = t("tile.items", { n: row.item_count });
  const device = row.fault || lostDevice(row);
  const doing = t(`state.${row.phase in PHASES ? row.phase : "idle"}`);
  if (at.key === "offline") return { big: at.word, small: t("tile.silent", { time: clock(row.last_heard_at) }) };
  if (at.key === "paper_low") {
    return sale
      ? { big: amount(row.total_minor), small: `${items} · ${t("tile.swap_soon")}`, brief: `${doing} · ${items}` }
      : { big: doing, small: t("tile.swap_soon") };
  }
  if (at.key === "closed" || at.key === "out_of_order" || at.key === "paused" || at.key === "paper_out") {
    return { big: at.word, small: device ? downWord(device) : opens(row) };
  }
  if (sale) return { big: amount(row.total_minor), small: items, brief: `${items} · ${amount(row.total_minor)}` };
  return { big: doing, small: row.last_sale_at ? t("tile.last", { time: clock(row.last_sale_at) }) : since(row) };
}

const opens = (row) => (row.opens_at ? t("tile.opens", { time: row.opens_at }) : since(row));
const since = (row) => (row.since_at ? t("tile.since", { time: clock(row.since_at) }) : "");
