// What stands around the board whatever it shows: name and link above, tabs, the bell, what is said.
import { button, el, setSign, setText, sign } from "/static/js/dom.js";
import { clock, clockSeconds } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { Toast } from "/static/js/toast.js";

const TABS = { tills: "squares-four", log: "list-bullets", me: "user" };

export class Frame {
  /** `page` has user, bell, board, link, tab, live(), show(tab), ring(). */
  constructor(page, title) {
    this.page = page;
    this.linkWord = el("p");
    this.answering = el("span");
    this.clock = el("span");
    this.bellButton = el(
      "button",
      { type: "button", class: "button round", on: { click: () => page.turnBell() } },
      sign("bell-ringing"),
    );
    this.tabs = Object.entries(TABS).map(([name, signName]) => {
      const made = button(name === "me" ? page.user.display_name : t(`board.tab_${name}`), signName, () =>
        page.show(name),
      );
      made.dataset.tab = name;
      return made;
    });
    const top = el(
      "header",
      { class: "bar" },
      el(
        "div",
        { class: "top" },
        el("span", { class: "logo" }, sign("storefront")),
        el("div", { class: "names" }, el("h1", {}, title), this.linkWord),
        el("div", { class: "facts" }, el("span", {}, sign("wifi-high"), this.answering), this.clock),
        el("nav", { class: "tabs", "aria-label": t("nav.label") }, this.tabs),
        this.bellButton,
      ),
    );
    this.offline = el(
      "div",
      { class: "offline banner bad", role: "alert", hidden: true },
      sign("wifi-slash"),
      el("p", {}, el("strong"), " ", el("span")),
    );
    // Read out by screen readers: who is new, and that the line is back. Nothing that counts stands here.
    this.aloud = el("p", { class: "out-of-sight", role: "status" });
    this.toast = new Toast();
    this.room = el("main", { class: "rooms", id: "content" });
    this.root = el(
      "div",
      { class: "board" },
      el("a", { class: "skip", href: "#content" }, t("app.skip")),
      top,
      this.room,
      this.aloud,
      this.toast.node,
    );
  }

  /** Show `parts` under the banner, in the one room there is. */
  fill(...parts) {
    this.room.replaceChildren(this.offline, ...parts);
  }

  draw() {
    const { page } = this;
    const total = page.board.rows.size;
    const answers = page.board.kiosks.filter((row) => row.online).length;
    const word = page.live() ? "app.connected" : page.link === "lost" ? "app.offline" : "app.connecting";
    setText(this.linkWord, `${page.user.display_name} · ${t(word).toLowerCase()}`);
    setText(
      this.answering,
      answers === total ? t("board.answer", { n: total }) : t("board.answer_some", { m: answers, n: total }),
    );
    this.tick();
    this.#drawBell();
    for (const made of this.tabs) {
      if (made.dataset.tab === page.tab) made.setAttribute("aria-current", "page");
      else made.removeAttribute("aria-current");
    }
    this.#drawOffline();
  }

  #drawBell() {
    const { state } = this.page.bell;
    setSign(this.bellButton.firstChild, state === "on" ? "bell-ringing" : "bell-slash");
    this.bellButton.setAttribute(
      "aria-label",
      t(state === "on" ? "me.sound_on" : state === "off" ? "me.sound_off" : "me.sound_needed"),
    );
    this.bellButton.setAttribute("aria-pressed", String(state === "on"));
  }

  #drawOffline() {
    const { page } = this;
    const lost = page.link === "lost";
    this.offline.hidden = !lost;
    this.root.classList.toggle("stale", lost);
    if (!lost) return;
    const [strong, , span] = this.offline.lastChild.childNodes;
    setText(strong, `${t("app.offline")}.`);
    const { heardAt } = page.board;
    setText(
      span,
      heardAt ? t("app.offline_lead", { time: clockSeconds(new Date(heardAt).toISOString()) }) : t("app.offline_empty"),
    );
  }

  tick() {
    setText(this.clock, clock(new Date().toISOString()));
  }
}
