// Notices for a phone in the pocket, shown by the service worker while this page is open behind
// others. There is no push service in between, so nobody else learns who waits in which store, and
// nothing comes once the page is closed or the phone has put it to sleep: the page says so.

const supported = "Notification" in window && "serviceWorker" in navigator;

export class Outside {
  constructor(address) {
    this.address = address;
    this.wanted = localStorage.getItem("notices") !== "off";
  }

  /** "none": not here; "denied": by the browser; "ask": nobody has said; "on"; "off". */
  get state() {
    if (!supported) return "none";
    if (Notification.permission === "denied") return "denied";
    if (Notification.permission === "default") return "ask";
    return this.wanted ? "on" : "off";
  }

  /** Turn it on (the browser asks) or off. Call it from a touch: browsers refuse to ask otherwise. */
  async toggle() {
    this.wanted = this.state !== "on";
    localStorage.setItem("notices", this.wanted ? "on" : "off");
    if (this.state === "ask") await Notification.requestPermission();
  }

  /** Say that one more waits, if nobody looks at the page. One notice for each call. */
  async show(call, title, body) {
    if (this.state !== "on" || !document.hidden) return;
    const worker = await navigator.serviceWorker.ready;
    await worker.showNotification(title, {
      body,
      tag: call.id,
      renotify: true,
      requireInteraction: true,
      vibrate: [180, 90, 180],
      timestamp: Date.parse(call.raised_at),
      icon: "/static/icons/icon-192.png",
      badge: "/static/icons/icon-192.png",
      data: { key: call.key, address: this.address },
    });
  }

  /** Take the notice away again: somebody has answered. */
  async settled(call) {
    if (!supported) return;
    const worker = await navigator.serviceWorker.getRegistration();
    for (const notice of (await worker?.getNotifications({ tag: call.id })) ?? []) notice.close();
  }
}
