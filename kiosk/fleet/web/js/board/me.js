// The board's other two pages: what was solved, and the one who holds the phone.
import { button, el, sign } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { tillOf } from "/static/js/standing.js";
import { callTitle, settledWords } from "/static/js/calls.js";
import { part, personal, toggle } from "/static/js/personal.js";
import { Awake } from "/static/js/awake.js";

const SHOWN = 50;

/** What was solved lately, newest first. */
export function logPage(board) {
  const lines = board.solved.slice(0, SHOWN).map((call) => {
    const row = board.rows.get(call.key);
    const till = row ? tillOf(row) : call.kiosk_name;
    return el(
      "li",
      {},
      el("time", { datetime: call.settled.resolved_at }, clock(call.settled.resolved_at)),
      el("p", {}, el("strong", {}, till), ` · ${callTitle(call)}`),
      el("p", {}, `${settledWords(call.settled)} · ${secondsWords(call)}`),
    );
  });
  return el(
    "div",
    {},
    el("h2", {}, t("board.log_title")),
    lines.length ? el("ol", { class: "sheet log" }, lines) : el("p", { class: "lead" }, t("board.log_empty")),
  );
}

export function secondsWords(call) {
  const seconds = Math.max(0, Math.round((Date.parse(call.settled.resolved_at) - Date.parse(call.raised_at)) / 1000));
  return seconds < 120 ? t("board.seconds", { n: seconds }) : t("time.minutes", { n: Math.round(seconds / 60) });
}

/** How this device tells of who waits; look, language, password, signing out. */
export function mePage(page) {
  const { bell, outside, awake, install } = page;
  const turn = (what) => async () => {
    await what.toggle();
    page.draw();
  };
  const sounds = toggle(
    t(`me.sound_${bell.state === "on" ? "on" : "off"}`),
    bell.state === "on" ? "bell-ringing" : "bell-slash",
    bell.state === "on",
    turn(bell),
  );
  const lit = Awake.possible && toggle(t("me.awake"), "sun", awake.wanted, turn(awake));
  return el(
    "div",
    { class: "me" },
    el("h2", {}, page.user.display_name),
    part(t("me.sound"), el("p", { class: "acts" }, sounds, lit)),
    part(t("me.outside"), notices(outside, turn(outside)), el("p", { class: "lead" }, t("me.outside_limits"))),
    install &&
      part(t("me.install"), el("p", { class: "acts" }, button(t("me.install_go"), "download-simple", install))),
    personal({ redraw: page.draw, say: (text) => page.say(text) }),
  );
}

/** Whether notices come, in words; a button where there is something to choose. */
function notices(outside, turn) {
  const { state } = outside;
  if (state === "none" || state === "denied")
    return el("p", { class: "note quiet" }, sign("info"), el("span", {}, t(`me.outside_${state}`)));
  return el(
    "p",
    { class: "acts" },
    toggle(t(`me.outside_${state}`), state === "on" ? "bell-ringing" : "bell-slash", state === "on", turn),
  );
}
