// A row of the table: made once, told what to show many times. It shows a kiosk, or the head of a group.
import { el, setSign, setText, sign } from "/static/js/dom.js";
import { ago, kroner, tenth, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { helpPer100 } from "/static/js/fleet/fleet.js";
import { conditionChip } from "/static/js/fleet/words_of.js";

/** Name, what it sorts by, and its class. */
export const COLUMNS = [
  ["store", "store", ""],
  ["kiosk", "kiosk", ""],
  ["state", "condition", ""],
  ["heard", "heard", ""],
  ["version", "version", ""],
  ["sales", "sales", "number"],
  ["help", "help", "number"],
  ["paper", "paper", "number"],
];

export function makeRow() {
  const caret = sign("caret-right");
  const name = el("span");
  const link = el("a", {}, caret, name);
  const badge = el("span", { class: "chip" }, sign("circle"), el("span"));
  const cells = COLUMNS.map(([, , kind]) => el("div", { role: "cell", class: kind }));
  cells[0].append(link);
  cells[2].append(badge);
  const node = el("div", { class: "row", role: "row" }, cells);

  function show(item) {
    node.classList.toggle("group", Boolean(item.head));
    caret.toggleAttribute("hidden", !item.head);
    if (item.head) showGroup(item);
    else showKiosk(item);
  }

  function showKiosk(row) {
    link.removeAttribute("role");
    link.removeAttribute("aria-expanded");
    const address = `/fleet/kiosk/${row.key}`;
    if (link.getAttribute("href") !== address) link.setAttribute("href", address);
    setText(name, row.storeName);
    setText(cells[1], tillOf(row));
    showChip(conditionChip(row));
    // A line that hangs is still a line: the broker says online for a while, the alert knows better.
    const silent = !row.online || row.condition === "offline" || row.reason === "offline";
    setText(cells[3], silent ? ago(row.last_heard_at) : t("time.now"));
    setText(cells[4], row.software || "–");
    setText(cells[7], row.paper ? tOr(`paper.${row.paper}`, "paper.ok") : "–");
    showSales(row);
  }

  function showGroup(group) {
    link.setAttribute("role", "button");
    link.removeAttribute("href");
    link.setAttribute("aria-expanded", String(group.open));
    setSign(caret, group.open ? "caret-down" : "caret-right");
    setText(name, groupName(group));
    setText(cells[1], t("nav.foot_kiosks", { n: whole(group.count), count: group.count }));
    showChip(
      group.need
        ? {
            kind: "wait",
            sign: "warning-circle",
            word: t("fleet.group_need", { n: whole(group.need), count: group.need }),
          }
        : { kind: "fine", sign: "check-circle", word: t("condition.fine") },
    );
    for (const i of [3, 4, 7]) setText(cells[i], "");
    showSales(group);
  }

  function showChip(at) {
    badge.className = `chip ${at.kind}`;
    setSign(badge.firstChild, at.sign);
    setText(badge.lastChild, at.word);
  }

  function showSales(sold) {
    setText(cells[5], kroner(sold.sales_today_minor));
    const help = helpPer100(sold);
    setText(cells[6], help < 0 ? "–" : tenth(help));
  }

  return { node, link, show };
}

function groupName({ by, value, first }) {
  if (by === "store") return first.storeName;
  if (by === "state") return t(`condition.${value}`);
  return value || t(by === "group" ? "fleet.no_group" : "fleet.no_version");
}
