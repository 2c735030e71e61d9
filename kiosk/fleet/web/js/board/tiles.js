// A tile for each kiosk: number, chip, what goes on. The whole tile is the button.
import { el, setSign, setText, sign } from "/static/js/dom.js";
import { counting } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { numberOf, standing, tileWords } from "/static/js/standing.js";
import { callShort, callSign } from "/static/js/calls.js";

const wide = matchMedia("(min-width: 900px)");

/** Make one tile. `page` has board and touchTile(key). */
export function makeTile(page) {
  let row = null;
  let waits = null;
  const number = el("span");
  const till = el(
    "span",
    { class: "number" },
    el("span", { class: "out-of-sight" }, t("board.till", { n: "" })),
    number,
  );
  const chip = el("span", { class: "chip" }, sign("circle"), el("span"));
  const big = el("span", { class: "big" });
  const small = el("span", { class: "small" });
  const button = el(
    "button",
    { type: "button", class: "tile", on: { click: () => page.touchTile(row.key) } },
    el("span", { class: "row" }, till, chip),
    el("span", {}, big, small),
  );

  function tick() {
    if (waits) setText(chip.lastChild, t("tile.waits", { time: counting(page.board.secondsSince(waits.raised_at)) }));
  }

  function update(now) {
    row = now;
    waits = page.board.callsOf(row.key)[0] ?? null;
    const at = waits ? { kind: "people", sign: callSign(waits) } : standing(row);
    const words = tileWords(row);
    setText(number, numberOf(row));
    chip.className = `chip ${at.kind}`;
    setSign(chip.firstChild, at.sign);
    if (!waits) setText(chip.lastChild, at.word);
    setText(big, words.big);
    setText(small, waits ? about(row, waits) : wide.matches ? words.small : (words.brief ?? words.small));
    button.classList.toggle("waits", Boolean(waits));
    tick();
  }
  return { node: el("li", {}, button), update, tick };
}

const about = (row, call) =>
  [row.item_count ? t("tile.items", { n: row.item_count }) : "", callShort(call)].filter(Boolean).join(" · ");
