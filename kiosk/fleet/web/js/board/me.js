// The board's other two pages: what was solved, and the one who holds the phone.
import * as api from "/static/js/api.js";
import { button, el, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { chooseTheme, chosenTheme, t } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { callTitle, settledWords } from "/static/js/calls.js";
import { languages } from "/static/js/sign_in.js";

/** What was solved lately, newest first. */
export function logPage(board) {
  if (!board.solved.length) return el("div", { class: "page" }, el("h2", {}, t("board.log_title")), el("p", { class: "lead" }, t("board.log_empty")));
  const lines = board.solved.slice(0, 50).map((call) => {
    const row = board.rows.get(call.key);
    const till = row ? tillOf(row) : call.kiosk_name;
    return el("li", {}, el("time", { datetime: call.settled.resolved_at }, clock(call.settled.resolved_at)),
      el("p", {}, el("strong", {}, till), ` · ${callTitle(call)}`), el("p", {}, `${settledWords(call.settled)} · ${secondsWords(call)}`));
  });
  return el("div", { class: "page" }, el("h2", {}, t("board.log_title")), el("ol", { class: "sheet log" }, lines));
}

export function secondsWords(call) {
  const seconds = Math.max(0, Math.round((Date.parse(call.settled.resolved_at) - Date.parse(call.raised_at)) / 1000));
  return seconds < 120 ? t("board.seconds", { n: seconds }) : t("time.minutes", { n: Math.round(seconds / 60) });
}

/** Sound, look, language, signing out. */
export function mePage({ user, bell, install, redraw }) {
  const sound = button(t(`me.sound_${bell.state === "on" ? "on" : "off"}`), bell.state === "on" ? "bell-ringing" : "bell-slash",
    async () => {
      await bell.toggle();
      redraw();
    });
  sound.setAttribute("aria-pressed", String(bell.state === "on"));
  const looks = ["", "light", "dark"].map((name) => {
    const made = button(t(`me.look_${name || "auto"}`), { "": "device-mobile", light: "sun", dark: "moon" }[name], () => {
      chooseTheme(name);
      redraw();
    });
    made.setAttribute("aria-pressed", String(chosenTheme() === name));
    return made;
  });
  const out = button(t("me.sign_out"), "sign-out", async () => {
    await api.signOut().catch(() => {});
    location.reload();
  });
  return el("div", { class: "page me" }, el("h2", {}, user.display_name),
    el("section", { class: "sheet" }, el("h3", {}, t("me.sound")), sound),
    el("section", { class: "sheet" }, el("h3", {}, t("me.look")), el("p", { class: "three" }, looks)),
    el("section", { class: "sheet" }, el("h3", {}, t("me.language")), languages()),
    el("section", { class: "sheet three" }, install && button(t("me.install"), "download-simple", install), out));
}

export const emptyNote = (title, lead) =>
  el("div", { class: "sheet none" }, sign("check-circle"), el("div", {}, el("strong", {}, title), el("p", { class: "lead" }, lead)));
