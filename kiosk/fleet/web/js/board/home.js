// The board itself: who waits at the left (or above), every kiosk of the store beside it.
import { button, el, keyed, setAvailable, setText, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { callShort } from "/static/js/calls.js";
import { hushMoved, makeCard } from "/static/js/board/cards.js";
import { makeTile } from "/static/js/board/tiles.js";
import { secondsWords } from "/static/js/board/me.js";

const MANY = 12; // more tiles than this are drawn smaller on a till
const TOOLS = { pause: "pause", close: "lock-simple" };

export class Home {
  /** `page` has board, desk, live(), openSale(key), touchTile(key), pick(tool), picking. */
  constructor(page) {
    this.page = page;
    this.waitingTitle = el("h2", { id: "waiting-title", tabindex: "-1" });
    this.cards = el("ul", { class: "cards", "aria-labelledby": "waiting-title" });
    this.nobody = el("p", { class: "sheet none lead" }, sign("check-circle"), t("board.nobody_lead"));
    this.solved = el(
      "div",
      { class: "sheet solved" },
      sign("check-circle"),
      el("div", {}, el("strong"), el("p", { class: "lead" })),
    );
    this.waiting = el("section", { class: "waiting" }, this.waitingTitle, this.cards, this.nobody, this.solved);
    this.othersTitle = el("h2", { id: "others-title" });
    this.tiles = el("ul", { class: "tiles", "aria-labelledby": "others-title" });
    this.tools = Object.entries(TOOLS).map(([tool, signName]) => {
      const made = button(t(`do.${tool}`), signName, () => page.pick(tool));
      made.dataset.tool = tool;
      return made;
    });
    this.others = el(
      "section",
      { class: "others" },
      el("div", { class: "title" }, this.othersTitle, el("div", { class: "tools" }, this.tools)),
      this.tiles,
    );
    this.parts = [this.waiting, this.others];
  }

  draw() {
    this.#drawCards();
    this.#drawTiles();
    this.#drawSolved();
  }

  #drawCards() {
    const { board } = this.page;
    setText(this.waitingTitle, board.openCount ? t("board.waiting", { n: board.openCount }) : t("board.nobody"));
    const held = document.activeElement?.closest(".card");
    this.cardParts = keyed(
      this.cards,
      board.waiting,
      (call) => call.id,
      (call) => makeCard(call, this.page),
    );
    // Whoever decides by keyboard goes on with the next, and is not thrown back to the page's top.
    if (held && !held.isConnected) (this.cards.querySelector(".head") ?? this.waitingTitle).focus();
    hushMoved(this.cardParts);
    this.nobody.hidden = board.waiting.length > 0;
  }

  #drawTiles() {
    const { board, picking, desk } = this.page;
    const wide = matchMedia("(min-width: 900px)").matches;
    // On a phone who waits has a card already; a till has room to show every kiosk at its place.
    const rows = wide ? board.kiosks : board.kiosks.filter((row) => !board.callsOf(row.key).length);
    const all = board.rows.size === 1 ? "board.only" : "board.all";
    const title = picking ? t(`board.pick_${picking}`) : wide || !board.openCount ? t(all) : t("board.others");
    setText(this.othersTitle, board.heardAt && !board.rows.size ? t("board.no_kiosks") : title);
    this.others.hidden = !rows.length && board.rows.size > 0;
    this.tileParts = keyed(
      this.tiles,
      rows,
      (row) => row.key,
      () => makeTile(this.page),
    );
    this.others.classList.toggle("many", board.rows.size > MANY);
    this.others.classList.toggle("picking", Boolean(picking));
    for (const made of this.tools) {
      made.hidden = !desk.mayDecide;
      made.setAttribute("aria-pressed", String(picking === made.dataset.tool));
      setAvailable(made, this.page.live());
    }
  }

  #drawSolved() {
    const { board } = this.page;
    const call = board.solved[0];
    this.solved.hidden = !call;
    if (!call) return;
    const row = board.rows.get(call.key);
    const [strong, lead] = this.solved.lastChild.children;
    setText(strong, t("board.solved", { till: row ? tillOf(row) : call.kiosk_name, what: callShort(call) }));
    setText(lead, t("board.solved_lead", { seconds: secondsWords(call), time: clock(call.settled.resolved_at) }));
  }

  /** The seconds count. */
  tick() {
    for (const part of this.cardParts?.values() ?? []) part.tick();
    for (const part of this.tileParts?.values() ?? []) part.tick();
  }
}
