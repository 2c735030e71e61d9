// The server's events, read by fetch and not by EventSource: so the page sees the comment lines
// that prove that the connection lives, and the status when it is refused.

const SILENCE_MS = 25_000; // the server speaks every 10 s
const GRACE_MS = 1500;
const PAUSE_MS = { first: 500, most: 15_000 };

/**
 * Keeps one stream open for as long as the page lives.
 *
 * `heard(name, data)` gets each event. `linked(state)` gets "live" when all is well, "lost" when
 * what is shown may be old. `begin()` is called before each connection that cannot go on where the
 * last one ended; it loads the lists anew and returns the position to go on from.
 */
export class Stream {
  constructor({ store = "", begin, heard, linked, signedOut }) {
    Object.assign(this, { store, begin, heard, linked, signedOut });
    this.position = null;
    this.pause = PAUSE_MS.first;
    this.stopped = false;
    this.lastHeardAt = 0;
    addEventListener("online", () => this.#wake());
    addEventListener("offline", () => this.#cut());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
    setInterval(() => this.#watch(), 1000);
  }

  async run() {
    while (!this.stopped) {
      try {
        this.position ??= await this.begin();
        await this.#read();
      } catch (error) {
        if (error.status === 401) return this.signedOut();
        if (error.status) this.position = null;
      }
      if (this.stopped) return undefined;
      this.#lost();
      await this.#wait();
    }
    return undefined;
  }

  stop() {
    this.stopped = true;
    this.#cut();
  }

  async #read() {
    this.abort = new AbortController();
    const address = new URL("/api/stream", location.origin);
    if (this.store) address.searchParams.set("store", this.store);
    if (this.position) address.searchParams.set("since", this.position);
    this.lastHeardAt = Date.now();
    const answer = await fetch(address, { signal: this.abort.signal, cache: "no-store" });
    if (!answer.ok) throw Object.assign(new Error("refused"), { status: answer.status });
    this.pause = PAUSE_MS.first;
    clearTimeout(this.losing);
    this.losing = null;
    this.linked("live");
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.lastHeardAt = Date.now();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) this.#take(block);
    }
  }

  #take(block) {
    const event = { name: "message", data: [] };
    for (const line of block.split("\n")) {
      if (line.startsWith("event:")) event.name = line.slice(6).trim();
      else if (line.startsWith("data:")) event.data.push(line.slice(5).trimStart());
      else if (line.startsWith("id:")) this.position = line.slice(3).trim();
    }
    if (!event.data.length) return;
    if (event.name === "reset") {
      this.position = null;
      this.#cut();
    } else this.heard(event.name, JSON.parse(event.data.join("\n")));
  }

  /** A server that starts anew is back before anybody needs to know; a dead network is not. */
  #lost() {
    this.losing ??= setTimeout(() => this.linked("lost"), navigator.onLine ? GRACE_MS : 0);
  }

  #watch() {
    if (this.abort && Date.now() - this.lastHeardAt > SILENCE_MS) this.#cut();
  }

  #cut() {
    this.abort?.abort();
    this.abort = null;
  }

  #wait() {
    // Not all boards of a chain at the same moment when the server comes back.
    const pause = this.pause * (0.5 + Math.random());
    this.pause = Math.min(this.pause * 2, PAUSE_MS.most);
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, pause);
    });
  }

  #wake() {
    this.pause = PAUSE_MS.first;
    this.wake?.();
  }
}
