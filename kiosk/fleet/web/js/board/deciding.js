// One tap, once: what a button sends, what came of it. A second tap on the same answer is the same
// decision with the same id, so the kiosk knows it for what it is.
import * as api from "/static/js/api.js";
import { t } from "/static/js/text.js";
import { mayDecide } from "/static/js/rights.js";
import { tillOf } from "/static/js/standing.js";

export class Desk {
  constructor({ board, user, say, changed }) {
    Object.assign(this, { board, user, say, changed });
    this.ids = new Map();
    this.busy = new Set();
  }

  get mayDecide() {
    return mayDecide(this.user);
  }

  isBusy(key) {
    return this.busy.has(key);
  }

  /** Answer a call with "yes", "no" or "coming". */
  answer(call, does, reason = "") {
    if (does === "coming") return this.coming(call);
    const slot = `${call.id}:${does}`;
    if (!this.ids.has(slot)) this.ids.set(slot, crypto.randomUUID());
    return this.#once(call.id, async () => {
      const status = await api.decide(call, { approved: does === "yes", reason, decision_id: this.ids.get(slot) });
      if (status.verdict === "stands") return this.#tellWhoWasFirst(status.data);
      if (status.verdict !== "taken") this.say(api.verdictWords(status, this.#till(call.key)), "bad");
    });
  }

  coming(call) {
    return this.#once(call.id, async () => {
      const status = await api.command(call.key, "seen", { name: this.user.display_name });
      if (status.verdict && status.verdict !== "done")
        return this.say(api.verdictWords(status, this.#till(call.key)), "bad");
      const known = this.board.calls.get(call.id);
      if (known) this.board.calls.set(call.id, { ...known, mine: true });
    });
  }

  /** Tell a kiosk something: pause, open, close, void_line, void_sale. */
  tell(key, kind, args = {}) {
    return this.#once(`${key}:${kind}:${JSON.stringify(args)}`, async () => {
      const status = await api.command(key, kind, args);
      this.say(api.verdictWords(status, this.#till(key)), ["done", "taken"].includes(status.verdict) ? "fine" : "bad");
    });
  }

  #till(key) {
    const row = this.board.rows.get(key);
    return row ? tillOf(row) : key;
  }

  #tellWhoWasFirst(data) {
    const what = t(data.approved ? "settled.what_yes" : "settled.what_no");
    const name = data.where === "itself" ? t("settled.itself") : data.name || data.attendant_id || t("settled.someone");
    this.say(t("settled.first", { name, what }), "people");
  }

  async #once(slot, work) {
    if (this.busy.has(slot)) return;
    this.busy.add(slot);
    this.changed();
    try {
      await work();
    } catch (error) {
      this.say(error.code === "unreachable" ? t("problem.offline") : error.message, "bad");
    } finally {
      this.busy.delete(slot);
      this.changed();
    }
  }
}
