// One kiosk: what the shopper sees, its devices, its day, and what may be asked of it.
import * as api from "/static/js/api.js";
import { button, chip, el, keyed, setAvailable, setText, sign } from "/static/js/dom.js";
import { amount, clock, kroner, tenth, whole } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { DEVICE_FINE, DEVICE_SIGNS, deviceWord, tillOf } from "/static/js/standing.js";
import { callLead, callTitle } from "/static/js/calls.js";
import { conditionChip } from "/static/js/fleet/words_of.js";
import { deviceNote, eventList, factList } from "/static/js/fleet/kiosk_parts.js";
import { sparkBars, sparkLine } from "/static/js/fleet/spark.js";

const AGAIN_MS = 30_000;
const TEMPERATURE_LIMIT_C = 70;
const OPERATORS = new Set(["operator", "admin"]);

export class Page {
  constructor({ fleet, user, say, rest }) {
    Object.assign(this, { fleet, user, say });
    this.key = rest.join("/");
    this.mayAsk = OPERATORS.has(user.role);
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
    this.state = el("span");
    this.acts = el("div", { class: "acts" });
    this.glass = el("img", { class: "glass", alt: "", hidden: true });
    this.glassNote = el("p", { class: "lead" }, t("kiosk.screen_none"));
    this.facts = el("dl", { class: "facts" });
    this.sales = part(t("kiosk.sales"));
    this.help = part(t("kiosk.help"));
    this.devices = el("ul", { class: "devices" });
    this.events = el("ol", { class: "story" });
    this.older = button(t("app.older"), "arrow-down", () => this.#olderEvents());
    this.older.hidden = true;
    this.temperature = el("div");
    this.logs = el("pre", { class: "logs", tabindex: "0", hidden: true, "aria-label": t("kiosk.logs") });
    this.logsNote = el("p", { class: "lead" }, t("kiosk.logs_none"));
    this.waits = el("section", { class: "sheet part", hidden: true }, el("h2", {}, t("kiosk.waits")), el("ul", { class: "wait-list" }));
    this.buttons = {};
    const ask = (kind, signName, args) => (this.buttons[kind] = button(t(`do.${kind}`), signName, () => this.#tell(kind, args)));
    const more = this.mayAsk && el("section", { class: "sheet part" }, el("h2", {}, t("kiosk.more")),
      el("p", { class: "acts" }, ask("verify_journal", "shield-check"), ask("fetch_catalog", "tag"), ask("close_day", "flag-checkered"), ask("logs", "list-bullets", { lines: 200 })),
      el("p", { class: "lead" }, t("kiosk.when_idle")), el("h3", {}, t("kiosk.logs")), this.logsNote, this.logs);
    const screen = this.mayAsk && el("section", { class: "sheet part" }, el("h2", {}, t("kiosk.sees")), this.glass, this.glassNote,
      el("p", { class: "acts" }, ask("screenshot", "image")));
    this.node = el("div", {},
      el("div", { class: "head" }, el("a", { class: "button", href: "/fleet" }, sign("arrow-left"), t("kiosk.back")), this.heading, this.state, this.acts),
      el("div", { class: "kiosk" },
        el("div", {}, screen || null, el("section", { class: "sheet part" }, el("h2", {}, t("kiosk.facts")), this.facts)),
        el("div", {}, this.waits, el("div", { class: "pair-of" }, this.sales.node, this.help.node),
          el("section", { class: "sheet part" }, el("h2", {}, t("kiosk.devices")), this.devices), more || null),
        el("div", {}, el("section", { class: "sheet part" }, el("div", { class: "top" }, el("h2", {}, t("kiosk.events"))), this.events, el("p", { class: "acts" }, this.older)),
          el("section", { class: "sheet part" }, el("h2", {}, t("kiosk.temperature")), this.temperature))));
  }

  #heard(name, data) {
    if (name === "kiosks" && data?.some((change) => change.key === this.key)) this.#drawRow(this.fleet.rows.get(this.key));
    if (name === "interventions") this.#drawWaits();
    if (name === "commands") for (const status of data) if (status.key === this.key) this.#answered(status);
  }

  async #load() {
    const query = (name, more) => api.chart(name, { kiosk: this.key, ...more }).catch(() => null);
    try {
      this.detail = await api.kiosk(this.key);
    } catch (error) {
      setText(this.heading, error.message);
      return;
    }
    this.#drawRow(this.fleet.rows.get(this.key) ?? this.detail.row);
    this.facts.replaceChildren(...factList(this.detail));
    const [events, health, sales, help, all] = await Promise.all([
      api.kioskEvents(this.key, { limit: 12 }).catch(() => null), api.kioskHealth(this.key, { hours: 24, points: 96 }).catch(() => null),
      query("sales", { days: 1, bucket: "hour" }), query("help_per_100", { days: 7 }), api.chart("help_per_100", { days: 7 }).catch(() => null),
    ]);
    if (events && !this.readingOn) this.#showEvents(events, true);
    this.#drawTemperature(health);
    this.#drawCharts(sales, help, all);
    this.#drawWaits();
    if (this.mayAsk && this.detail.screenshot_at) this.#showScreen(this.detail.screenshot_at);
  }

  #showEvents(page, anew) {
    if (anew) this.events.replaceChildren();
    this.events.append(...eventList(page.events));
    this.before = page.before;
    this.older.hidden = !page.before;
  }

  async #olderEvents() {
    this.readingOn = true;
    const page = await api.kioskEvents(this.key, { limit: 100, before: this.before }).catch((error) => this.say(error.message, "bad"));
    if (page) this.#showEvents(page, false);
  }

  #drawRow(row) {
    if (!row) return;
    const store = row.storeName ?? row.store;
    setText(this.heading, `${store[0].toUpperCase()}${store.slice(1)}, ${tillOf(row).toLowerCase()}`);
    document.title = `${this.heading.textContent} · ${t("app.name")}`;
    this.state.replaceChildren(chip(conditionChip(row)));
    this.#drawActs(row);
    const names = Object.keys(row.devices);
    if (!names.length) return this.devices.replaceChildren(el("li", { class: "lead" }, t("kiosk.no_devices")));
    this.devices.replaceChildren(...names.map((name) => {
      const fine = DEVICE_FINE.has(row.devices[name]);
      const at = fine ? { kind: "fine", sign: "check-circle" } : { kind: "bad", sign: "warning-circle" };
      return el("li", {}, sign(DEVICE_SIGNS[name] ?? "plug"),
        el("div", { class: "what" }, el("strong", {}, deviceWord(name)), el("span", {}, deviceNote(name, row, this.detail))),
        chip({ ...at, word: t(`device.${row.devices[name]}`) }));
    }));
    return undefined;
  }

  #drawActs(row) {
    if (this.user.role === "viewer") return;
    const closed = row.mode === "closed";
    const signature = `${closed}${row.mode}`;
    if (this.drawnActs !== signature) {
      this.drawnActs = signature;
      const tell = (kind, signName, args, key = kind) => button(t(`do.${key}`), signName, () => this.#tell(kind, args));
      this.acts.replaceChildren(
        ...(this.mayAsk ? [tell("restart", "power")] : []),
        row.mode === "paused" ? tell("pause", "play", { on: false }, "unpause") : tell("pause", "pause", { on: true }),
        closed ? tell("open", "lock-simple-open") : tell("close", "lock-simple"));
    }
  }

  #drawWaits() {
    const calls = [...this.fleet.calls.values()].filter((call) => call.key === this.key);
    this.waits.hidden = !calls.length;
    keyed(this.waits.lastChild, calls, (call) => call.id, (call) => ({
      node: el("li", { class: "banner people" }, sign("hand-palm"), el("p", {}, `${callTitle(call)}. ${callLead(call)} · ${clock(call.raised_at)}`)), update: () => {},
    }));
  }

  #drawTemperature(health) {
    const values = health?.series.temperature_c ?? [];
    const now = values.findLast((v) => v !== null);
    if (now === undefined) return this.temperature.replaceChildren(el("p", { class: "lead" }, t("reports.no_data")));
    return this.temperature.replaceChildren(wide(sparkLine(values, TEMPERATURE_LIMIT_C, 300, 70)),
      el("p", { class: "legend" }, el("span", {}, t("kiosk.temperature_now", { n: whole(now) })), el("span", { class: "key dashed" }, t("kiosk.temperature_limit", { n: TEMPERATURE_LIMIT_C }))));
  }

  #drawCharts(sales, help, all) {
    const values = sales?.series[0]?.values ?? [];
    const sum = values.reduce((total, v) => total + (v ?? 0), 0);
    this.sales.set(`${kroner(sum)} kr`, values.length ? wide(sparkBars(values, 300, 78)) : null, values.length ? `${clock(sales.labels[0])} – ${t("time.now")}` : t("reports.no_data"));
    const rates = help?.series[0]?.values ?? [];
    const known = rates.filter((v) => v !== null);
    const average = mean(all?.series[0]?.values ?? []);
    this.help.set(known.length ? tenth(known.at(-1)) : "–", known.length ? wide(sparkLine(rates, average, 300, 78)) : null, t("kiosk.average"));
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
    if (fine && status.kind === "screenshot") await this.#showScreen(status.answered_at || new Date().toISOString());
    if (fine && status.kind === "logs") await this.#showLogs();
    if (asked) this.say(api.verdictWords(status, this.heading.textContent), fine ? "fine" : "bad");
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

  async #showLogs() {
    const found = await api.kioskLogs(this.key).catch(() => null);
    if (!found) return;
    this.logs.hidden = false;
    this.logs.textContent = found.lines.join("\n");
    setText(this.logsNote, t("kiosk.logs_at", { time: clock(found.at_utc) }));
  }
}

/** A card with one figure, its drawing and a word about it. */
function part(title) {
  const value = el("p", { class: "value" }, "–");
  const drawing = el("div");
  const note = el("p", { class: "lead" });
  return {
    node: el("section", { class: "sheet part" }, el("p", {}, title), value, drawing, note),
    set(words, svg, under) {
      setText(value, words);
      drawing.replaceChildren(...(svg ? [svg] : []));
      setText(note, under);
    },
  };
}

function wide(svg) {
  svg.classList.add("wide");
  return svg;
}

function mean(values) {
  const known = values.filter((v) => v !== null);
  return known.length ? known.reduce((sum, v) => sum + v, 0) / known.length : null;
}
