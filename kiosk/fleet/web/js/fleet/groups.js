// Kiosks under the headings of what they have in common: store, group, version, state. Pure.
import { needs } from "/static/js/fleet/fleet.js";

export const GROUPINGS = ["store", "group", "version", "state"];

const OF = {
  store: (row) => row.key.slice(0, row.key.lastIndexOf("/")),
  group: (row) => row.group,
  version: (row) => row.software,
  state: (row) => row.condition,
};

/**
 * The items of the list: a head for each group, and its rows where it is open. Groups come in the
 * order of their first row, so that the one with the worst trouble stands first.
 */
export function grouped(rows, by, open) {
  const groups = new Map();
  for (const row of rows) {
    const value = OF[by](row);
    if (!groups.has(value)) groups.set(value, []);
    groups.get(value).push(row);
  }
  return [...groups].flatMap(([value, found]) => {
    const head = headOf(by, value, found, open);
    return head.open ? [head, ...found] : [head];
  });
}

function headOf(by, value, rows, open) {
  const key = `${by}:${value}`;
  const sum = (field) => rows.reduce((total, row) => total + row[field], 0);
  return {
    head: true,
    key,
    by,
    value,
    first: rows[0],
    open: open.has(key),
    count: rows.length,
    need: rows.filter(needs).length,
    sales_today_minor: sum("sales_today_minor"),
    sales_today: sum("sales_today"),
    calls_today: sum("calls_today"),
  };
}
