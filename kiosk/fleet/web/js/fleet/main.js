// The operator's view: one frame, a page for each address, one stream for all of them.
import * as api from "/static/js/api.js";
import { el, setText, sign } from "/static/js/dom.js";
import { clockSeconds, whole } from "/static/js/format.js";
import { Stream } from "/static/js/stream.js";
import { t } from "/static/js/text.js";
import { whoever } from "/static/js/sign_in.js";
import { Fleet } from "/static/js/fleet/fleet.js";
import { KiosksPage } from "/static/js/fleet/kiosks_page.js";

const LATER = {
  kiosk: () => import("/static/js/fleet/kiosk_page.js"),
  alerts: () => import("/static/js/fleet/alerts_page.js"),
  rollouts: () => import("/static/js/fleet/rollouts_page.js"),
  catalogs: () => import("/static/js/fleet/catalogs_page.js"),
  reports: () => import("/static/js/fleet/reports_page.js"),
  audit: () => import("/static/js/fleet/audit_page.js"),
  users: () => import("/static/js/fleet/users_page.js"),
  me: () => import("/static/js/fleet/me_page.js"),
};
const NAV = [
  ["kiosks", "desktop", "/fleet"], ["alerts", "warning-circle", "/fleet/alerts"], ["rollouts", "cloud-arrow-down", "/fleet/rollouts"],
  ["catalogs", "tag", "/fleet/catalogs"], ["reports", "chart-bar", "/fleet/reports"],
  ["audit", "file-text", "/fleet/audit", "admin"], ["users", "users-three", "/fleet/users", "admin"],
];

class Frame {
  constructor(user) {
    this.user = user;
    this.fleet = new Fleet();
    this.link = "connecting";
    this.#build();
    this.fleet.listen(() => this.#drawNav());
    addEventListener("popstate", () => this.route());
    // Links within the view change the page without loading everything anew.
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='/fleet']");
      if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.go(link.getAttribute("href"));
    });
  }

  #build() {
    this.links = NAV.filter(([, , , role]) => !role || this.user.role === role).map(([name, signName, href]) => {
      const made = el("a", { href }, sign(signName), el("span", {}, t(`nav.${name}`)));
      made.dataset.name = name;
      if (name === "alerts") made.append(el("span", { class: "count", hidden: true }));
      return made;
    });
    this.foot = el("p");
    const nav = el("nav", { class: "side bar", "aria-label": t("nav.label") },
      el("a", { class: "home", href: "/fleet" }, el("span", { class: "logo" }, sign("storefront")), t("app.name")),
      el("ul", {}, this.links.map((link) => el("li", {}, link)), el("li", {}, this.#me())),
      el("div", { class: "foot" }, this.foot));
    this.offline = el("div", { class: "offline banner bad", role: "alert", hidden: true }, sign("wifi-slash"), el("p"));
    this.room = el("main", { class: "room", id: "content" });
    this.toast = el("div", { class: "toast", role: "status" });
    document.getElementById("app").replaceChildren(el("a", { class: "skip", href: "#content" }, t("app.skip")),
      el("div", { class: "fleet" }, nav, el("div", {}, this.offline, this.room)), this.toast);
    this.#drawNav();
  }

  #me() {
    const made = el("a", { href: "/fleet/me" }, sign("user"), el("span", {}, this.user.display_name));
    made.dataset.name = "me";
    this.links.push(made);
    return made;
  }

  #drawNav() {
    const count = this.fleet.alerts.size;
    const badge = this.links.find((link) => link.dataset.name === "alerts").lastChild;
    badge.hidden = !count;
    setText(badge, count);
    const stores = this.fleet.stores.size;
    setText(this.foot, stores ? t("nav.foot", { stores: whole(stores), kiosks: whole(this.fleet.total) }) : "");
  }

  go(address) {
    if (address !== location.pathname + location.search) history.pushState(null, "", address);
    this.route();
  }

  async route() {
    const [name = "kiosks", ...rest] = location.pathname.split("/").slice(2).filter(Boolean);
    this.routed = name + rest.join("/") + location.search;
    const routed = this.routed;
    const given = { fleet: this.fleet, user: this.user, go: (to) => this.go(to), say: (text, kind) => this.say(text, kind), rest };
    let page;
    try {
      page = name === "kiosks" ? new KiosksPage(given) : new (await LATER[name]()).Page(given);
    } catch {
      page = { title: t("app.not_found"), node: el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("app.not_found"))) };
    }
    if (routed !== this.routed) return page.close?.();
    this.page?.close?.();
    const first = !this.page;
    this.page = page;
    this.room.replaceChildren(page.node);
    page.shown?.length;
    document.title = `${page.title} · ${t("app.name")}`;
    for (const link of this.links) {
      const here = link.dataset.name === (name === "kiosk" ? "kiosks" : name);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    page.begin?.();
    if (!first) {
      scrollTo(0, 0);
      page.node.querySelector("h1")?.focus({ preventScroll: true });
    }
    return undefined;
  }

  say(text, kind = "fine") {
    this.toast.replaceChildren(sign(kind === "fine" ? "check-circle" : "warning-circle"), el("span", {}, text));
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => this.toast.replaceChildren(), 5000);
  }

  linked(state) {
    const lost = state === "lost";
    this.offline.hidden = !lost;
    if (!lost) return;
    const heard = this.fleet.heardAt;
    setText(this.offline.lastChild, `${t("app.offline")}. ${heard ? t("app.offline_fleet", { time: clockSeconds(new Date(heard).toISOString()) }) : ""}`);
  }

  async run() {
    this.route();
    await new Stream({
      begin: () => this.fleet.begin(),
      heard: (name, data) => this.fleet.take(name, data),
      linked: (state) => this.linked(state),
      signedOut: () => location.reload(),
    }).run();
  }
}

async function begin() {
  const app = document.getElementById("app");
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  const trouble = () => app.replaceChildren(el("main", { class: "sign-in" }, el("p", { class: "banner bad", role: "alert" }, sign("wifi-slash"), el("span", {}, t("app.offline")))));
  const { user } = await whoever(app, trouble);
  if (user.role === "attendant") return location.replace("/board");
  return new Frame(user).run();
}

await begin();
