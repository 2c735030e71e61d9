// The board's other two pages: what was solved, and the one who holds the phone.
import { button, el, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { callTitle, settledWords } from "/static/js/calls.js";
import { personal } from "/static/js/personal.js";

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
  return el("div", { class: "page me" }, el("h2", {}, user.display_name),
    el("section", { class: "sheet part" }, el("h2", {}, t("me.sound")), sound),
    install && el("p", { class: "three" }, button(t("me.install"), "download-simple", install)), personal(redraw));
}

export const emptyNote = (title, lead) =>
  el("div", { class: "sheet none" }, sign("check-circle"), el("div", {}, el("strong", {}, title), el("p", { class: "lead" }, lead)));
