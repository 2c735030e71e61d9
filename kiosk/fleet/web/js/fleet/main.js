// The operator's view: one frame, a page for each address, one stream for all of them.
import * as api from "/static/js/api.js";
import { el, setText, sign } from "/static/js/dom.js";
import { clockSeconds, whole } from "/static/js/format.js";
import { Stream } from "/static/js/stream.js";
import { t } from "/static/js/text.js";
import { Toast } from "/static/js/toast.js";
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
  ["kiosks", "desktop", "/fleet"],
  ["alerts", "warning-circle", "/fleet/alerts"],
  ["rollouts", "cloud-arrow-down", "/fleet/rollouts"],
  ["catalogs", "tag", "/fleet/catalogs"],
  ["reports", "chart-bar", "/fleet/reports"],
  ["audit", "file-text", "/fleet/audit", "admin"],
  ["users", "users-three", "/fleet/users", "admin"],
];

class Frame {
  constructor(user) {
    this.user = user;
    this.fleet = new Fleet();
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
    this.links = NAV.filter(([, , , role]) => !role || this.user.role === role).map(([name, signName, href]) =>
      navLink(name, signName, href, t(`nav.${name}`)),
    );
    this.badge = el("span", { class: "count", hidden: true });
    this.links.find((link) => link.dataset.name === "alerts").append(this.badge);
    this.links.push(navLink("me", "user", "/fleet/me", this.user.display_name));
    this.foot = el("p", { class: "foot" }, el("span"), el("span"));
    const nav = el(
      "nav",
      { class: "side bar", "aria-label": t("nav.label") },
      el("a", { class: "home", href: "/fleet" }, el("span", { class: "logo" }, sign("storefront")), t("app.name")),
      el(
        "ul",
        {},
        this.links.map((link) => el("li", {}, link)),
      ),
      this.foot,
    );
    this.offline = el("div", { class: "offline banner bad", role: "alert", hidden: true }, sign("wifi-slash"), el("p"));
    this.room = el("main", { class: "room", id: "content" });
    this.toast = new Toast();
    document
      .getElementById("app")
      .replaceChildren(
        el("a", { class: "skip", href: "#content" }, t("app.skip")),
        el("div", { class: "fleet" }, nav, el("div", {}, this.offline, this.room)),
        this.toast.node,
      );
    this.#drawNav();
  }

  #drawNav() {
    const { alerts, stores, total } = this.fleet;
    this.badge.hidden = !alerts.size;
    setText(this.badge, alerts.size);
    this.foot.hidden = !stores.size;
    setText(this.foot.firstChild, t("nav.foot_stores", { n: whole(stores.size), count: stores.size }));
    setText(this.foot.lastChild, t("nav.foot_kiosks", { n: whole(total), count: total }));
  }

  go(address) {
    if (address !== location.pathname + location.search) history.pushState(null, "", address);
    this.route();
  }

  async route() {
    const [name = "kiosks", ...rest] = location.pathname.split("/").slice(2).filter(Boolean);
    const routed = (this.routed = location.pathname + location.search);
    const page = await this.#pageOf(name, rest);
    if (routed !== this.routed) return page.close?.();
    this.page?.close?.();
    const first = !this.page;
    this.page = page;
    this.room.replaceChildren(page.node);
    document.title = `${page.title} · ${t("app.name")}`;
    const here = name === "kiosk" ? "kiosks" : name;
    for (const link of this.links) {
      if (link.dataset.name === here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    page.begin?.();
    if (!first) {
      scrollTo(0, 0);
      page.node.querySelector("h1")?.focus({ preventScroll: true });
    }
    return undefined;
  }

  async #pageOf(name, rest) {
    const given = {
      fleet: this.fleet,
      user: this.user,
      go: (to) => this.go(to),
      say: (text, kind) => this.toast.say(text, kind),
      rest,
    };
    try {
      return name === "kiosks" ? new KiosksPage(given) : new (await LATER[name]()).Page(given);
    } catch {
      return {
        title: t("app.not_found"),
        node: el("div", { class: "head" }, el("h1", { tabindex: "-1" }, t("app.not_found"))),
      };
    }
  }

  linked(state) {
    const lost = state === "lost";
    this.offline.hidden = !lost;
    if (!lost) return;
    const heard = this.fleet.heardAt;
    const since = heard ? t("app.offline_fleet", { time: clockSeconds(new Date(heard).toISOString()) }) : "";
    setText(this.offline.lastChild, `${t("app.offline")}. ${since}`);
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

function navLink(name, signName, href, word) {
  const made = el("a", { href }, sign(signName), el("span", {}, word));
  made.dataset.name = name;
  return made;
}

async function begin() {
  navigator.serviceWorker?.register("/service-worker.js").catch(() => {});
  const { user } = await whoever(document.getElementById("app"));
  if (user.role === "attendant") return location.replace("/board");
  return new Frame(user).run();
}

await begin();
