// One kiosk: what is wrong and what to do, what the shopper sees, its devices, its day, its health,
// and what may be asked of it.
import * as api from "/static/js/api.js";
import { button, chip, el, setAvailable, setText, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { mayDecide, mayOperate } from "/static/js/rights.js";
import { t } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { conditionChip } from "/static/js/fleet/words_of.js";
import { Figures, drawHealth } from "/static/js/fleet/kiosk_charts.js";
import { askGroup } from "/static/js/fleet/kiosk_group.js";
import { commandList, deviceList, eventList, factList, helpList, troubleList } from "/static/js/fleet/kiosk_parts.js";

const AGAIN_MS = 30_000;
const FEW_EVENTS = 12;
const MORE_EVENTS = 100;
const LOG_LINES = 200;
/** What may be asked for beside restart, pause and close: kind, sign, arguments. */
const ASKS = [
  ["verify_journal", "shield-check"],
  ["fetch_catalog", "tag"],
  ["fetch_config", "cloud-arrow-down"],
  ["close_day", "flag-checkered"],
  ["logs", "list-bullets", { lines: LOG_LINES }],
];

export class Page {
  constructor({ fleet, user, say, rest }) {
    Object.assign(this, { fleet, user, say });
    this.key = rest.join("/");
    this.mayAsk = mayOperate(user);
    this.title = t("nav.kiosks");
    this.#build();
    this.stop = fleet.listen((name, data) => this.#heard(name, data));
    this.timer = setInterval(() => this.#load(), AGAIN_MS);
  }

  async begin() {
    await this.#load();
  }

  close() {
    this.stop();
    clearInterval(this.timer);
    URL.revokeObjectURL(this.picture);
  }

  #build() {
    this.heading = el("h1", { tabindex: "-1" }, t("app.loading"));
    this.state = el("span", { class: "state" });
    this.acts = el("div", { class: "acts" });
    this.troubles = el("ul", { class: "sheet part troubles", "aria-label": t("kiosk.troubles"), hidden: true });
    this.figures = new Figures();
    this.devices = el("ul", { class: "devices" });
    this.health = el("div", { class: "health" });
    this.help = el("ol", { class: "story" });
    this.buttons = {};
    this.node = el(
      "div",
      {},
      el(
        "div",
        { class: "head" },
        el("a", { class: "button", href: "/fleet" }, sign("arrow-left"), t("kiosk.back")),
        this.heading,
        this.state,
        this.acts,
      ),
      el(
        "div",
        { class: "kiosk" },
        el("div", { class: "at-left" }, this.mayAsk && this.#screen(), this.#facts()),
        el(
          "div",
          {},
          this.troubles,
          this.figures.node,
          part(t("kiosk.devices"), this.devices),
          part(t("kiosk.health"), this.health),
          this.mayAsk && this.#more(),
        ),
        el("div", {}, part(t("kiosk.help_log"), this.help), this.#story()),
      ),
    );
  }

  #screen() {
    this.glass = el("img", { class: "glass", alt: "", hidden: true });
    this.glassNote = el("p", { class: "lead" }, t("kiosk.screen_none"));
    return part(
      t("kiosk.sees"),
      this.glass,
      this.glassNote,
      el("p", { class: "acts" }, this.#asking("screenshot", "image")),
    );
  }

  #facts() {
    this.facts = el("dl", { class: "facts" });
    const change =
      this.mayAsk &&
      button(t("kiosk.group_change"), "users-three", () =>
        askGroup(this.fleet, this.key, this.say, () => this.#load()),
      );
    return part(t("kiosk.facts"), this.facts, change && el("p", { class: "acts" }, change));
  }

  #more() {
    this.logs = el("pre", { class: "logs", tabindex: "0", hidden: true, "aria-label": t("kiosk.logs") });
    this.logsNote = el("p", { class: "lead", hidden: true });
    this.asked = el("ul", { class: "asked-list" });
    return part(
      t("kiosk.more"),
      el(
        "p",
        { class: "acts" },
        ASKS.map((asked) => this.#asking(...asked)),
      ),
      el("p", { class: "lead" }, t("kiosk.when_idle")),
      this.asked,
      this.logsNote,
      this.logs,
    );
  }

  #story() {
    this.events = el("ol", { class: "story events" });
    this.older = button(t("app.older"), "arrow-down", () => this.#olderEvents());
    this.older.hidden = true;
    return part(t("kiosk.events"), this.events, el("p", { class: "acts" }, this.older));
  }

  #asking(kind, signName, args) {
    this.buttons[kind] = button(t(`do.${kind}`), signName, () => this.#tell(kind, args));
    return this.buttons[kind];
  }

  #heard(name, data) {
    if (name === "kiosks" && data?.some((change) => change.key === this.key))
      this.#drawRow(this.fleet.rows.get(this.key));
    if (name === "interventions" || name === "alerts" || data === null) this.#drawTroubles();
    if (name === "interventions" && data.some((call) => call.key === this.key && call.settled)) this.#loadHelp();
    if (name === "commands") for (const status of data) if (status.key === this.key) this.#answered(status);
  }

  async #load() {
    try {
      this.detail = await api.kiosk(this.key);
    } catch (error) {
      setText(this.heading, error.message);
      return;
    }
    this.#drawRow(this.fleet.rows.get(this.key) ?? this.detail.row);
    this.facts.replaceChildren(...factList(this.detail));
    this.#drawTroubles();
    await Promise.all([
      this.#loadEvents(),
      this.#loadHealth(),
      this.#loadHelp(),
      this.#loadAsked(),
      this.figures.load(this.key),
    ]);
    if (this.mayAsk && this.detail.screenshot_at) await this.#showScreen(this.detail.screenshot_at);
  }

  async #loadEvents() {
    if (this.readingOn) return;
    const page = await api.kioskEvents(this.key, { limit: FEW_EVENTS }).catch(() => null);
    if (!page || this.readingOn) return;
    this.events.replaceChildren();
    this.#showEvents(page);
  }

  #showEvents(page) {
    this.events.append(...eventList(page.events));
    this.before = page.before;
    this.older.hidden = !page.before;
  }

  async #olderEvents() {
    this.readingOn = true;
    const page = await api
      .kioskEvents(this.key, { limit: MORE_EVENTS, before: this.before })
      .catch((error) => this.say(error.message, "bad"));
    if (page) this.#showEvents(page);
  }

  async #loadHealth() {
    drawHealth(this.health, await api.kioskHealth(this.key, { hours: 24, points: 96 }).catch(() => null));
  }

  async #loadHelp() {
    const store = this.key.slice(0, this.key.lastIndexOf("/"));
    const calls = await api.interventions({ store, state: "settled", limit: 200 }).catch(() => []);
    this.help.replaceChildren(...helpList(calls.filter((call) => call.key === this.key)));
  }

  async #loadAsked() {
    if (this.mayAsk) this.asked.replaceChildren(...commandList(await api.kioskCommands(this.key).catch(() => [])));
  }

  #drawRow(row) {
    if (!row) return;
    const store = row.storeName ?? row.store;
    setText(this.heading, `${store[0].toUpperCase()}${store.slice(1)}, ${tillOf(row).toLowerCase()}`);
    document.title = `${this.heading.textContent} · ${t("app.name")}`;
    this.state.replaceChildren(chip(conditionChip(row)));
    this.#drawActs(row);
    this.devices.replaceChildren(...deviceList(row, this.detail));
  }

  #drawActs(row) {
    if (!mayDecide(this.user) || this.drawnActs === row.mode) return;
    this.drawnActs = row.mode;
    const tell = (kind, signName, args, key = kind) => button(t(`do.${key}`), signName, () => this.#tell(kind, args));
    this.acts.replaceChildren(
      ...(this.mayAsk ? [tell("restart", "power")] : []),
      row.mode === "paused" ? tell("pause", "play", { on: false }, "unpause") : tell("pause", "pause", { on: true }),
      row.mode === "closed" ? tell("open", "lock-simple-open") : tell("close", "lock-simple"),
    );
  }

  #drawTroubles() {
    const of = (one) => one.key === this.key;
    const lines = troubleList([...this.fleet.calls.values()].filter(of), this.fleet.openAlerts.filter(of));
    this.troubles.hidden = !lines.length;
    this.troubles.replaceChildren(...lines);
  }

  async #tell(kind, args = {}) {
    const made = this.buttons[kind];
    if (made) setAvailable(made, false);
    try {
      this.#answered(await api.command(this.key, kind, args), true);
    } catch (error) {
      this.say(error.message, "bad");
    } finally {
      if (made) setAvailable(made, true);
    }
  }

  async #answered(status, asked = false) {
    const fine = ["done", "taken"].includes(status.verdict);
    if (asked) this.say(api.verdictWords(status, this.heading.textContent), fine ? "fine" : "bad");
    this.#loadAsked();
    // Viewing is recorded under the name of who views: what colleagues asked for is not fetched too.
    if (!fine || !this.mayAsk || status.actor !== this.user.name) return;
    if (status.kind === "screenshot") await this.#showScreen(status.answered_at);
    if (status.kind === "logs") await this.#showLogs(status.answered_at);
  }

  async #showScreen(at) {
    if (this.shownAt === at) return;
    this.shownAt = at;
    const answer = await fetch(api.screenshotAddress(this.key, at), { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) return;
    URL.revokeObjectURL(this.picture);
    this.picture = URL.createObjectURL(await answer.blob());
    this.glass.src = this.picture;
    this.glass.alt = t("kiosk.screen_alt", { time: clock(at) });
    this.glass.hidden = false;
    setText(this.glassNote, `${t("kiosk.screen_at", { time: clock(at) })}. ${t("kiosk.screen_note")}`);
  }

  async #showLogs(at) {
    if (this.logsShownAt === at) return;
    this.logsShownAt = at;
    const found = await api.kioskLogs(this.key).catch(() => null);
    if (!found) return;
    this.logs.hidden = false;
    this.logsNote.hidden = false;
    this.logs.textContent = found.lines.join("\n");
    setText(this.logsNote, `${t("kiosk.logs")}: ${t("kiosk.logs_at", { time: clock(found.at_utc) })}`);
  }
}

const part = (title, ...content) => el("section", { class: "sheet part" }, el("h2", {}, title), content);
