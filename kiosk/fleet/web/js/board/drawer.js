// One kiosk, over the board: its sale, what is asked, what may be done. Closed by Escape too.
import { button, chip, el, isAvailable, setAvailable, setText, sign } from "/static/js/dom.js";
import { amount, counting } from "/static/js/format.js";
import { patience } from "/static/js/patience.js";
import { t, tOr } from "/static/js/text.js";
import { numberOf, standing, tillOf } from "/static/js/standing.js";
import { allAnswers, callLead, callTitle } from "/static/js/calls.js";

const SURE_MS = patience(5000);
const DEAF_MS = 500; // a double tap on "cancel the sale" is not a yes

export class Drawer {
  constructor(page) {
    this.page = page;
    this.title = el("h2", { id: "drawer-title" });
    this.chipBox = el("span");
    this.badge = el("span", { class: "badge", "aria-hidden": "true" });
    this.body = el("div", { class: "body" });
    this.shut = el(
      "button",
      { type: "button", class: "button round", "aria-label": t("app.close"), on: { click: () => this.node.close() } },
      sign("x"),
    );
    this.node = el(
      "dialog",
      { class: "drawer", "aria-labelledby": "drawer-title" },
      el("header", {}, this.badge, el("div", { class: "what" }, this.title, this.chipBox), this.shut),
      this.body,
    );
    this.node.addEventListener("close", () => this.#closed());
    // A touch beside the drawer closes it, as it would a sheet.
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
    document.body.append(this.node);
  }

  open(key) {
    this.key = key;
    this.sure = false;
    this.shown = "";
    this.update();
    if (!this.node.open) this.node.showModal();
    this.node.scrollTop = 0;
  }

  #closed() {
    this.key = null;
    clearTimeout(this.sureTimer);
  }

  /** Draw again if what is shown has changed; the focus stays where it was. */
  update() {
    const row = this.key && this.page.board.rows.get(this.key);
    if (!row) return this.key && this.node.close();
    const calls = this.page.board.callsOf(row.key);
    const busy = [...this.page.desk.busy].join();
    const now = JSON.stringify([row, calls, this.sure, this.deaf, this.page.live(), busy]);
    if (now === this.shown) return;
    this.shown = now;
    this.title.textContent = tillOf(row);
    this.badge.textContent = numberOf(row);
    this.chipBox.replaceChildren(chip(standing(row)));
    const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    const actions = this.page.desk.mayDecide;
    this.body.replaceChildren(
      ...calls.map((call) => this.#call(call, actions)),
      this.#sale(row, calls, actions),
      actions ? this.#kiosk(row) : "",
    );
    for (const control of this.body.querySelectorAll("button"))
      setAvailable(control, this.page.live() && !(this.deaf && control.dataset.id === "void-sale"));
    // What was answered is gone, and so is its button: the focus stays in the dialog.
    if (focused) (this.body.querySelector(`[data-id="${CSS.escape(focused)}"]`) ?? this.shut).focus();
    this.tick();
  }

  /** The seconds count here too. */
  tick() {
    for (const time of this.body.querySelectorAll("[data-since]"))
      setText(time, counting(this.page.board.secondsSince(time.dataset.since)));
  }

  #call(call, actions) {
    const box = el("section", { class: "three", "aria-label": callTitle(call) });
    const head = el(
      "div",
      { class: "asks" },
      el("div", {}, el("h3", {}, callTitle(call)), el("p", { class: "lead" }, callLead(call))),
      el("p", { class: "counts" }, sign("clock"), el("span", { "data-since": call.raised_at })),
    );
    const notes = call.remote_ok
      ? []
      : [
          el(
            "p",
            { class: "note people" },
            sign("storefront"),
            el("span", {}, `${t("only_here")}. ${t("only_here_lead")}`),
          ),
        ];
    if (actions) {
      for (const { does, label, sign: name } of allAnswers(call)) {
        box.append(
          this.#button(
            `${call.id}:${does}`,
            label,
            name,
            () => this.page.desk.answer(call, does),
            does === "yes" ? "yes" : "no",
          ),
        );
      }
    }
    return el("section", { class: "asked-for" }, head, ...notes, box);
  }

  #sale(row, calls, actions) {
    const call = calls.find((one) => one.lines.length);
    if (!row.item_count && !call) return el("p", { class: "lead" }, t("sale.none"));
    const total = el(
      "p",
      { class: "to-pay" },
      el("span", {}, t("sale.to_pay")),
      el("strong", {}, `${amount(row.total_minor)} kr`),
    );
    if (!call) {
      return el(
        "section",
        {},
        el("p", {}, t("tile.items", { n: row.item_count })),
        el("p", { class: "lead" }, t("sale.no_lines")),
        total,
        actions && this.#voidSale(row),
      );
    }
    const asked = calls.map((one) => one.line?.line_id).filter(Boolean);
    const lines = el(
      "ul",
      { class: "lines" },
      call.lines.map((line) => this.#line(row, line, asked.includes(line.line_id), actions)),
    );
    return el("section", {}, lines, total, actions && this.#voidSale(row));
  }

  #line(row, line, asked, actions) {
    const removed = line.flags.includes("removed");
    const about = [
      line.quantity > 1 ? `${line.quantity} ×` : "",
      line.weight_g ? `${line.weight_g} g` : "",
      ...line.flags.filter((flag) => flag !== "removed").map((flag) => tOr(`flag.${flag}`, "flag.staff")),
    ].filter(Boolean);
    const name = el(
      "span",
      { class: removed ? "name removed" : "name" },
      line.name,
      about.length ? el("small", {}, about.join(" · ")) : null,
    );
    const remove =
      actions &&
      line.line_id &&
      !removed &&
      this.#button(`line:${line.line_id}`, t("do.void_line"), "trash", () =>
        this.page.desk.tell(row.key, "void_line", { sale_id: row.sale_id, line_id: line.line_id }),
      );
    remove?.setAttribute?.("aria-label", t("do.void_line_of", { line: line.name }));
    return el(
      "li",
      { class: asked ? "asked" : "" },
      name,
      el("span", { class: "sum" }, amount(line.amount_minor)),
      remove || null,
    );
  }

  /** Cancelling a sale cannot be undone, so it takes two touches, the second a moment later. */
  #voidSale(row) {
    if (!row.sale_id) return null;
    const label = this.sure ? t("do.void_sale_sure", { amount: amount(row.total_minor) }) : t("do.void_sale");
    const box = el("p", { class: "three" });
    box.append(
      this.#button(
        "void-sale",
        label,
        this.sure ? "warning" : "x",
        () => {
          if (!this.sure) return this.#askSure();
          this.sure = false;
          return this.page.desk.tell(row.key, "void_sale", { sale_id: row.sale_id, reason: "other" });
        },
        "bad",
      ),
    );
    return box;
  }

  #askSure() {
    this.sure = true;
    this.deaf = true;
    setTimeout(() => {
      this.deaf = false;
      this.update();
    }, DEAF_MS);
    clearTimeout(this.sureTimer);
    this.sureTimer = setTimeout(() => {
      this.sure = false;
      this.update();
    }, SURE_MS);
    this.update();
  }

  #kiosk(row) {
    const tell = (id, label, name, kind, args) =>
      this.#button(id, label, name, () => this.page.desk.tell(row.key, kind, args));
    const closed = row.mode === "closed";
    const paused = row.mode === "paused";
    return el(
      "section",
      { "aria-label": t("sale.kiosk") },
      el("h3", {}, t("sale.kiosk")),
      el(
        "p",
        { class: "three" },
        paused
          ? tell("unpause", t("do.unpause"), "play", "pause", { on: false })
          : tell("pause", t("do.pause"), "pause", "pause", { on: true }),
        closed
          ? tell("open", t("do.open"), "lock-simple-open", "open")
          : tell("close", t("do.close"), "lock-simple", "close"),
      ),
    );
  }

  #button(id, label, name, does, className = "") {
    const made = button(label, name, () => isAvailable(made) && does(), className);
    made.dataset.id = id;
    return made;
  }
}
