// A tile for each kiosk: number, chip, what goes on. The whole tile is the button.
import { el, setSign, setText, sign } from "/static/js/dom.js";
import { counting } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { numberOf, standing, tileWords } from "/static/js/standing.js";
import { callShort, callSign } from "/static/js/calls.js";

/** Make one tile. `page` has board and touchTile(key). */
export function makeTile(first, page) {
  const number = el("span");
  const till = el("span", { class: "number" }, el("span", { class: "out-of-sight" }, t("board.till", { n: "" })), number);
  const chip = el("span", { class: "chip" }, sign("circle"), el("span"));
  const big = el("span", { class: "big" });
  const small = el("span", { class: "small" });
  const node = el("button", { type: "button", class: "tile", on: { click: () => page.touchTile(first.key) } },
    el("span", { class: "row" }, till, chip), el("span", {}, big, small));
  small.style.display = "block";
  const box = el("li", {}, node);
  let waits = null;

  function tick() {
    if (waits) setText(chip.lastChild, t("tile.waits", { time: counting(page.board.secondsSince(waits.raised_at)) }));
  }

  function update(row) {
    waits = page.board.callsOf(row.key)[0] ?? null;
    const at = waits ? { kind: "people", sign: callSign(waits) } : standing(row);
    const words = tileWords(row);
    setText(number, numberOf(row));
    chip.className = `chip ${at.kind}`;
    setSign(chip.firstChild, at.sign);
    if (!waits) setText(chip.lastChild, at.word);
    setText(big, words.big);
    setText(small, waits ? [row.item_count ? t("tile.items", { n: row.item_count }) : "", callShort(waits)].filter(Boolean).join(" · ") : narrow() ? (words.brief ?? words.small) : words.small);
    node.classList.toggle("waits", Boolean(waits));
    tick();
  }
  return { node: box, update, tick };
}

const wide = matchMedia("(min-width: 900px)");
const narrow = () => !wide.matches;
