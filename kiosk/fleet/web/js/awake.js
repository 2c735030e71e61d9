// Keeps the screen lit while the page is in front, where somebody asked for it: a board on a till.

export class Awake {
  constructor() {
    this.wanted = localStorage.getItem("awake") === "on";
    this.lock = null;
    // The browser lets go of it whenever the page is hidden.
    document.addEventListener("visibilitychange", () => document.hidden || this.#hold());
    this.#hold();
  }

  static get possible() {
    return "wakeLock" in navigator;
  }

  async toggle() {
    this.wanted = !this.wanted;
    localStorage.setItem("awake", this.wanted ? "on" : "off");
    if (this.wanted) return this.#hold();
    await this.lock?.release();
    this.lock = null;
    return undefined;
  }

  async #hold() {
    if (!this.wanted || !Awake.possible || document.hidden) return;
    // Refused where the battery is low: then the device decides.
    this.lock = await navigator.wakeLock.request("screen").catch(() => null);
  }
}
