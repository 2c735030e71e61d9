// What the board knows: this store's kiosks and calls, as the server last said.
import { callsSomebody } from "/static/js/calls.js";

const KEEP_SETTLED_MS = 2600;

export class Board {
  constructor() {
    this.rows = new Map();
    this.calls = new Map();
    this.solved = [];
    this.heardAt = null;
    /** How far this device's clock is from the server's, ms; seconds count by the server's. */
    this.clockOffset = 0;
  }

  /** Take whole lists: at the start, and when too much was missed. */
  load(rows, calls, solved) {
    this.rows = new Map(rows.map((row) => [row.key, row]));
    this.calls = new Map(calls.map((call) => [call.id, call]));
    this.solved = solved;
    this.heardAt = Date.now();
  }

  /** Take one event of the stream. Returns the calls that are new and open. */
  take(name, data) {
    this.heardAt = Date.now();
    if (name === "hello" && data.at) this.clockOffset = Date.parse(data.at) - Date.now();
    if (name === "kiosks") for (const change of data) this.#changeRow(change);
    return name === "interventions" ? data.filter((call) => this.#takeCall(call)) : [];
  }

  #changeRow(change) {
    if (change.gone) this.rows.delete(change.key);
    else this.rows.set(change.key, { ...this.rows.get(change.key), ...change });
  }

  #takeCall(call) {
    const known = this.calls.get(call.id);
    if (!call.settled) {
      this.calls.set(call.id, { ...call, mine: known?.mine });
      return !known;
    }
    if (known && !known.settled) {
      // Say for a moment how it ended: whoever was about to touch it sees why it goes.
      this.calls.set(call.id, { ...call, until: Date.now() + KEEP_SETTLED_MS });
    }
    if (!this.solved.some((one) => one.id === call.id)) this.solved = [call, ...this.solved].slice(0, 100);
    return false;
  }

  /** Forget settled calls that have been seen. Returns whether anything changed. */
  sweep(now = Date.now()) {
    let changed = false;
    for (const [id, call] of this.calls) {
      if (call.settled && now > (call.until ?? 0)) changed = this.calls.delete(id);
    }
    return changed;
  }

  /** Who waits, longest first. */
  get waiting() {
    const calls = [...this.calls.values()].filter(callsSomebody);
    return calls.sort((a, b) => a.raised_at.localeCompare(b.raised_at) || a.id.localeCompare(b.id));
  }

  get openCount() {
    return this.waiting.filter((call) => !call.settled).length;
  }

  /** Kiosks by number, as they stand in the shop. */
  get kiosks() {
    return [...this.rows.values()].sort(
      (a, b) => a.name.localeCompare(b.name, "nb", { numeric: true }) || a.key.localeCompare(b.key),
    );
  }

  callsOf(key) {
    return this.waiting.filter((call) => call.key === key && !call.settled);
  }

  /** Seconds since `iso` by the server's clock. */
  secondsSince(iso, now = Date.now()) {
    return Math.max(0, (now + this.clockOffset - Date.parse(iso)) / 1000);
  }
}
