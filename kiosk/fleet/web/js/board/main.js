// The attendant's board: who waits, longest first, and every kiosk of the store.
import * as api from "/static/js/api.js";
import { button, el, keyed, setAvailable, setSign, setText, sign } from "/static/js/dom.js";
import { clock, clockSeconds } from "/static/js/format.js";
import { Stream } from "/static/js/stream.js";
import { t } from "/static/js/text.js";
import { Bell, countOutside } from "/static/js/notify.js";
import { whoever } from "/static/js/sign_in.js";
import { tillOf } from "/static/js/standing.js";
import { callShort, callsSomebody, callTitle } from "/static/js/calls.js";
import { Board } from "/static/js/board/model.js";
import { Desk } from "/static/js/board/deciding.js";
import { hushMoved, makeCard } from "/static/js/board/cards.js";
import { makeTile } from "/static/js/board/tiles.js";
import { Drawer } from "/static/js/board/drawer.js";
import { emptyNote, logPage, mePage, secondsWords } from "/static/js/board/me.js";

const MANY = 12; // more tiles than this are drawn smaller on a till
const TOAST_MS = 5000;

class BoardPage {
  constructor(storeKey, user, store) {
    this.storeKey = storeKey;
    this.user = user;
    this.store = store;
    this.board = new Board();
    this.bell = new Bell();
    this.desk = new Desk({ board: this.board, user, say: (text, kind) => this.say(text, kind), changed: () => this.draw() });
    this.link = "connecting";
    this.tab = "tills";
    this.picking = null;
    this.title = t("board.title", { store: store.name });
    this.#build();
    this.drawer = new Drawer(this);
    addEventListener("bell", () => this.draw());
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.install = () => event.prompt();
    });
    matchMedia("(min-width: 900px)").addEventListener("change", () => this.draw());
    setInterval(() => this.tick(), 1000);
  }

  live() {
    return this.link === "live";
  }

  async run() {
    this.draw();
    const stream = new Stream({
      store: this.storeKey,
      begin: () => this.#load(),
      heard: (name, data) => this.#heard(name, data),
      linked: (state) => this.#linked(state),
      signedOut: () => location.reload(),
    });
    await stream.run();
  }

  async #load() {
    const [page, calls, solved] = await Promise.all([
      api.kiosks({ store: this.storeKey, limit: 200 }),
      api.interventions({ store: this.storeKey }),
      api.interventions({ store: this.storeKey, state: "settled", limit: 50 }),
    ]);
    this.board.load(page.kiosks, calls, solved);
    this.draw();
    return page.position;
  }

  #heard(name, data) {
    for (const call of this.board.take(name, data)) this.#ring(call);
    this.draw();
  }

  #ring(call) {
    if (!callsSomebody(call)) return;
    const row = this.board.rows.get(call.key);
    const words = t("board.announce", { till: row ? tillOf(row) : call.kiosk_name, what: callTitle(call) });
    setText(this.aloud, words);
    this.bell.ring();
    this.bell.show(words, this.title, call.id);
  }

  #linked(state) {
    this.link = state;
    this.draw();
  }

  say(text, kind = "fine") {
    const signs = { fine: "check-circle", bad: "warning-circle", people: "info" };
    this.toast.replaceChildren(sign(signs[kind]), el("span", {}, text));
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => this.toast.replaceChildren(), TOAST_MS);
  }

  openSale(key) {
    this.drawer.open(key);
  }

  /** A tile was touched: shows its sale, or is the one that a tool was picked up for. */
  touchTile(key) {
    if (!this.picking) return this.openSale(key);
    const tool = this.picking;
    this.picking = null;
    this.draw();
    return this.desk.tell(key, tool, tool === "pause" ? { on: true } : {});
  }

  #pick(tool) {
    this.picking = this.picking === tool ? null : tool;
    this.draw();
  }

  #build() {
    this.linkWord = el("p", { role: "status" });
    this.answering = el("span");
    this.clock = el("span");
    this.bellButton = el("button", { type: "button", class: "button round", on: { click: async () => {
      await this.bell.toggle();
      this.say(t(`me.sound_${this.bell.state === "on" ? "on" : "off"}`));
      this.draw();
    } } }, sign("bell-ringing"));
    this.tabs = ["tills", "log", "me"].map((name) => {
      const signs = { tills: "squares-four", log: "list-bullets", me: "user" };
      const made = button(name === "me" ? this.user.display_name : t(`board.tab_${name}`), signs[name], () => this.show(name));
      made.dataset.tab = name;
      return made;
    });
    this.nav = el("nav", { class: "tabs", "aria-label": t("nav.label") }, this.tabs);
    const top = el("header", { class: "bar" }, el("div", { class: "top" }, el("span", { class: "logo" }, sign("storefront")),
      el("div", { class: "names" }, el("h1", {}, this.title), this.linkWord),
      el("div", { class: "facts" }, el("span", {}, sign("wifi-high"), this.answering), this.clock), this.nav, this.bellButton));
    this.offline = el("div", { class: "offline banner bad", role: "alert", hidden: true }, sign("wifi-slash"), el("p", {}, el("strong"), " ", el("span")));
    this.waitingTitle = el("h2", { id: "waiting-title" });
    this.cards = el("ul", { class: "cards", "aria-labelledby": "waiting-title" });
    this.nobody = el("div");
    this.solved = el("div", { class: "sheet solved" }, sign("check-circle"), el("div", {}, el("strong"), el("p", { class: "lead" })));
    this.waiting = el("section", { class: "waiting" }, this.waitingTitle, this.cards, this.nobody, this.solved);
    this.othersTitle = el("h2", { id: "others-title" });
    this.tiles = el("ul", { class: "tiles", "aria-labelledby": "others-title" });
    this.tools = [button(t("do.pause"), "pause", () => this.#pick("pause")), button(t("do.close"), "lock-simple", () => this.#pick("close"))];
    this.others = el("section", { class: "others" }, el("div", { class: "title" }, this.othersTitle, el("div", { class: "tools" }, this.tools)), this.tiles);
    this.page = el("div", { class: "page" });
    this.rooms = el("main", { class: "rooms", id: "content" }, this.offline, this.waiting, this.others, this.page);
    this.aloud = el("p", { class: "out-of-sight", role: "status" });
    this.toast = el("div", { class: "toast", role: "status" });
    this.root = el("div", { class: "board" }, el("a", { class: "skip", href: "#content" }, t("app.skip")), top, this.rooms, this.aloud, this.toast);
    document.getElementById("app").replaceChildren(this.root);
  }

  show(tab) {
    this.tab = tab;
    this.picking = null;
    this.draw();
    scrollTo(0, 0);
  }

  /** Draw on the next frame, once, however much was heard until then. */
  draw() {
    this.waitingFrame ??= requestAnimationFrame(() => {
      this.waitingFrame = null;
      this.#draw();
    });
  }

  #draw() {
    const { board } = this;
    board.sweep();
    const open = board.openCount;
    countOutside(open, this.title);
    this.#drawTop();
    const home = this.tab === "tills";
    for (const part of [this.waiting, this.others]) part.hidden = !home;
    this.page.hidden = home;
    if (!home) return this.#drawPage();
    setText(this.waitingTitle, open ? t("board.waiting", { n: open }) : t("board.nobody"));
    this.cardParts = keyed(this.cards, board.waiting, (call) => call.id, (call) => makeCard(call, this));
    hushMoved(this.cardParts);
    if (!board.waiting.length) this.nobody.firstChild ?? this.nobody.append(emptyNote(t("board.nobody"), t("board.nobody_lead")));
    else this.nobody.replaceChildren();
    this.#drawTiles();
    this.#drawSolved();
    this.drawer.update();
    return undefined;
  }

  #drawTop() {
    const { board } = this;
    const total = board.rows.size;
    const answers = board.kiosks.filter((row) => row.online).length;
    setText(this.linkWord, `${this.user.display_name} · ${t(this.live() ? "app.connected" : this.link === "lost" ? "app.offline" : "app.connecting").toLowerCase()}`);
    setText(this.answering, answers === total ? t("board.answer", { n: total }) : t("board.answer_some", { m: answers, n: total }));
    setText(this.clock, clock(new Date().toISOString()));
    const bell = this.bell.state;
    setSign(this.bellButton.firstChild, bell === "on" ? "bell-ringing" : "bell-slash");
    this.bellButton.setAttribute("aria-label", t(bell === "on" ? "me.sound_on" : bell === "off" ? "me.sound_off" : "me.sound_needed"));
    this.bellButton.setAttribute("aria-pressed", String(bell === "on"));
    for (const made of this.tabs) {
      if (made.dataset.tab === this.tab) made.setAttribute("aria-current", "page");
      else made.removeAttribute("aria-current");
    }
    const lost = this.link === "lost";
    this.offline.hidden = !lost;
    this.root.classList.toggle("stale", lost);
    const [strong, , span] = this.offline.lastChild.childNodes;
    if (lost) {
      setText(strong, `${t("app.offline")}.`);
      setText(span, board.heardAt ? t("app.offline_lead", { time: clockSeconds(new Date(board.heardAt).toISOString()) }) : t("app.offline_empty"));
    }
  }

  #drawTiles() {
    const { board } = this;
    const wide = matchMedia("(min-width: 900px)").matches;
    // On a phone who waits has a card already; a till has room to show every kiosk at its place.
    const rows = wide ? board.kiosks : board.kiosks.filter((row) => !board.callsOf(row.key).length);
    const title = this.picking ? t(`board.pick_${this.picking}`) : wide || !board.openCount ? t("board.all") : t("board.others");
    setText(this.othersTitle, board.heardAt && !board.rows.size ? t("board.no_kiosks") : title);
    this.tileParts = keyed(this.tiles, rows, (row) => row.key, (row) => makeTile(row, this));
    this.others.classList.toggle("many", board.rows.size > MANY);
    this.others.classList.toggle("picking", Boolean(this.picking));
    this.tools.forEach((made, i) => {
      made.hidden = !this.desk.mayDecide;
      made.setAttribute("aria-pressed", String(this.picking === ["pause", "close"][i]));
      setAvailable(made, this.live());
    });
  }

  #drawSolved() {
    const call = this.board.solved[0];
    this.solved.hidden = !call;
    if (!call) return;
    const row = this.board.rows.get(call.key);
    const [strong, lead] = this.solved.lastChild.children;
    setText(strong, t("board.solved", { till: row ? tillOf(row) : call.kiosk_name, what: callShort(call) }));
    setText(lead, t("board.solved_lead", { seconds: secondsWords(call), time: clock(call.settled.resolved_at) }));
  }

  #drawPage() {
    const redraw = () => this.draw();
    const page = this.tab === "log" ? logPage(this.board) : mePage({ user: this.user, bell: this.bell, install: this.install, redraw });
    const place = [...this.page.querySelectorAll("button")].indexOf(document.activeElement);
    if (this.page.firstChild?.isEqualNode(page)) return;
    this.page.replaceChildren(page);
    if (place >= 0) this.page.querySelectorAll("button")[place]?.focus();
  }

  tick() {
    if (this.board.sweep()) this.draw();
    setText(this.clock, clock(new Date().toISOString()));
    for (const part of this.cardParts?.values() ?? []) part.tick();
    for (const part of this.tileParts?.values() ?? []) part.tick();
  }
}

function chooseStore(stores) {
  const list = stores.map((store) => el("a", { class: "button", href: `/board/${store.key}` }, sign("storefront"), store.name || store.key));
  document.getElementById("app").replaceChildren(el("main", { class: "sign-in" },
    el("form", { class: "sheet" }, el("h1", {}, t("board.choose_store")), ...list, stores.length ? null : el("p", { class: "lead" }, t("board.no_store")))));
}

async function begin() {
  const app = document.getElementById("app");
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  const trouble = () => app.replaceChildren(el("main", { class: "sign-in" },
    el("p", { class: "banner bad", role: "alert" }, sign("wifi-slash"), el("span", {}, `${t("app.offline")}. ${t("app.offline_empty")}`))));
  const { user } = await whoever(app, trouble);
  if (location.pathname === "/" && user.role !== "attendant") return location.replace("/fleet");
  const stores = await api.stores();
  const asked = location.pathname.split("/").slice(2, 4).filter(Boolean).join("/");
  const store = stores.find((one) => one.key === asked) ?? (!asked && stores.length === 1 ? stores[0] : null);
  if (!store) return chooseStore(stores);
  return new BoardPage(store.key, user, store).run();
}

await begin();
