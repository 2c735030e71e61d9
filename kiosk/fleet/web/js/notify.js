// Telling somebody whose eyes are elsewhere: two notes, a buzz, a number on the icon. Every sound has
// a twin on the screen. A browser lets a page sound only after a touch, so the bell says how it is.

const NOTES_HZ = [523, 659];
const NOTE_S = 0.12;

export class Bell {
  constructor() {
    this.wanted = localStorage.getItem("sound") !== "off";
    this.context = null;
    // The first touch of anything wakes the sound.
    addEventListener("pointerdown", () => this.wanted && this.#wake(), { capture: true });
    addEventListener("keydown", () => this.wanted && this.#wake(), { capture: true });
  }

  /** "on", "off", or "asleep": wanted, but the browser waits for a touch. */
  get state() {
    if (!this.wanted) return "off";
    return this.context?.state === "running" ? "on" : "asleep";
  }

  async toggle() {
    const on = this.state !== "on";
    this.wanted = on;
    localStorage.setItem("sound", on ? "on" : "off");
    if (!on) return;
    await this.#wake();
    this.ring();
  }

  /** Ring for one more who waits. */
  ring() {
    if (!this.wanted) return;
    navigator.vibrate?.([180, 90, 180]);
    if (this.context?.state !== "running") return;
    const start = this.context.currentTime + 0.01;
    NOTES_HZ.forEach((hz, i) => this.#note(hz, start + i * NOTE_S));
  }

  async #wake() {
    this.context ??= new AudioContext();
    if (this.context.state !== "running") await this.context.resume().catch(() => {});
    dispatchEvent(new Event("bell"));
  }

  #note(hz, start) {
    const tone = this.context.createOscillator();
    const loudness = this.context.createGain();
    tone.frequency.value = hz;
    loudness.gain.setValueAtTime(0.0001, start);
    loudness.gain.exponentialRampToValueAtTime(0.3, start + 0.012);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + NOTE_S);
    tone.connect(loudness).connect(this.context.destination);
    tone.start(start);
    tone.stop(start + NOTE_S + 0.02);
  }
}

/** How many wait, where it is seen without opening the page. */
export function countOutside(count, title) {
  document.title = count ? `(${count}) ${title}` : title;
  if (count) navigator.setAppBadge?.(count).catch(() => {});
  else navigator.clearAppBadge?.().catch(() => {});
}
