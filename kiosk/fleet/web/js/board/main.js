// The attendant's board: who waits, longest first, and every kiosk of the store.
import * as api from "/static/js/api.js";
import { el, onFrame, setText, sign } from "/static/js/dom.js";
import { Stream } from "/static/js/stream.js";
import { t } from "/static/js/text.js";
import { Awake } from "/static/js/awake.js";
import { Bell, countOutside } from "/static/js/notify.js";
import { Outside } from "/static/js/outside.js";
import { whoever } from "/static/js/sign_in.js";
import { tillOf } from "/static/js/standing.js";
import { callsSomebody, callTitle } from "/static/js/calls.js";
import { Board } from "/static/js/board/model.js";
import { Desk } from "/static/js/board/deciding.js";
import { Drawer } from "/static/js/board/drawer.js";
import { Frame } from "/static/js/board/frame.js";
import { Home } from "/static/js/board/home.js";
import { logPage, mePage } from "/static/js/board/me.js";

class BoardPage {
  constructor(user, store) {
    this.user = user;
    this.store = store;
    this.title = t("board.title", { store: store.name });
    this.board = new Board();
    this.bell = new Bell();
    this.outside = new Outside(`/board/${store.key}`);
    this.awake = new Awake();
    this.link = "connecting";
    this.tab = "tills";
    this.picking = null;
    /** Draw on the next frame, once, however much was heard until then. */
    this.draw = onFrame(() => this.#draw());
    this.desk = new Desk({ board: this.board, user, say: (text, kind) => this.say(text, kind), changed: this.draw });
    this.frame = new Frame(this, this.title);
    this.home = new Home(this);
    this.other = el("div", { class: "page" });
    this.drawer = new Drawer(this);
    this.show("tills");
    document.getElementById("app").replaceChildren(this.frame.root);
    this.#listen();
  }

  #listen() {
    addEventListener("bell", this.draw);
    // Letters that arrive late move what stands below them: look then, and not at the next touch.
    document.fonts.ready.then(this.draw);
    addEventListener("beforeinstallprompt", (event) => {
      event.preventDefault();
      this.install = () => event.prompt();
      this.draw();
    });
    matchMedia("(min-width: 900px)").addEventListener("change", this.draw);
    // A touch on a notice, told by the service worker.
    navigator.serviceWorker?.addEventListener("message", ({ data }) => data.open && this.openSale(data.open));
    setInterval(() => this.#tick(), 1000);
  }

  live() {
    return this.link === "live";
  }

  async run() {
    await new Stream({
      store: this.store.key,
      begin: () => this.#load(),
      heard: (name, data) => this.#heard(name, data),
      linked: (state) => this.#linked(state),
      signedOut: () => location.reload(),
    }).run();
  }

  async #load() {
    const store = this.store.key;
    const [page, calls, solved] = await Promise.all([
      api.kiosks({ store, limit: 200 }),
      api.interventions({ store }),
      api.interventions({ store, state: "settled", limit: 50 }),
    ]);
    this.board.load(page.kiosks, calls, solved);
    this.draw();
    return page.position;
  }

  #heard(name, data) {
    this.#ring(this.board.take(name, data).filter(callsSomebody));
    if (name === "interventions") for (const call of data) if (call.settled) this.outside.settled(call);
    this.draw();
  }

  /** Tell of those who are new: once, though many came at once. */
  #ring(calls) {
    if (!calls.length) return;
    const words = calls.map((call) => {
      const row = this.board.rows.get(call.key);
      return t("board.announce", { till: row ? tillOf(row) : call.kiosk_name, what: callTitle(call) });
    });
    setText(this.frame.aloud, words.join(". "));
    this.bell.ring();
    calls.forEach((call, i) => this.outside.show(call, words[i], this.title));
  }

  #linked(state) {
    if (state === "live" && this.link === "lost") setText(this.frame.aloud, t("app.connected_again"));
    this.link = state;
    this.draw();
  }

  async turnBell() {
    await this.bell.toggle();
    this.say(t(`me.sound_${this.bell.state === "on" ? "on" : "off"}`));
    this.draw();
  }

  say(text, kind) {
    this.frame.toast.say(text, kind);
  }

  openSale(key) {
    this.drawer.open(key);
  }

  /** A tile was touched: shows its sale, or is the one that a tool was picked up for. */
  touchTile(key) {
    if (!this.picking) return this.openSale(key);
    const tool = this.picking;
    this.pick(tool);
    return this.desk.tell(key, tool, tool === "pause" ? { on: true } : {});
  }

  /** Pick a tool up, or put it back. */
  pick(tool) {
    this.picking = this.picking === tool ? null : tool;
    this.draw();
  }

  show(tab) {
    this.tab = tab;
    this.picking = null;
    this.frame.fill(...(tab === "tills" ? this.home.parts : [this.other]));
    this.draw();
    scrollTo(0, 0);
  }

  #draw() {
    this.board.sweep();
    countOutside(this.board.openCount, this.title);
    this.frame.draw();
    if (this.tab === "tills") this.home.draw();
    else this.#drawOther();
    this.drawer.update();
  }

  /** The log and the personal page are small: made anew, and laid in only if something differs. */
  #drawOther() {
    const page = this.tab === "log" ? logPage(this.board) : mePage(this);
    const place = [...this.other.querySelectorAll("button")].indexOf(document.activeElement);
    if (this.other.firstChild?.isEqualNode(page)) return;
    this.other.replaceChildren(page);
    if (place >= 0) this.other.querySelectorAll("button")[place]?.focus();
  }

  #tick() {
    if (this.board.sweep()) this.draw();
    this.frame.tick();
    this.home.tick();
    this.drawer.tick();
  }
}

function chooseStore(stores) {
  const list = stores.map((store) =>
    el("a", { class: "button", href: `/board/${store.key}` }, sign("storefront"), store.name || store.key),
  );
  document
    .getElementById("app")
    .replaceChildren(
      el(
        "main",
        { class: "sign-in" },
        el(
          "div",
          { class: "sheet" },
          el("h1", {}, t("board.choose_store")),
          ...list,
          stores.length ? null : el("p", { class: "lead" }, t("board.no_store")),
        ),
      ),
    );
}

async function begin() {
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  const { user } = await whoever(document.getElementById("app"));
  if (location.pathname === "/" && user.role !== "attendant") return location.replace("/fleet");
  const stores = await api.stores();
  const asked = location.pathname.split("/").slice(2, 4).filter(Boolean).join("/");
  const store = stores.find((one) => one.key === asked) ?? (!asked && stores.length === 1 ? stores[0] : null);
  if (!store) return chooseStore(stores);
  return new BoardPage(user, store).run();
}

await begin();
