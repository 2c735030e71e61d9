// The cards of those who wait: what it is about, how long, two buttons.
import { button, el, isAvailable, setAvailable, setSign, setText, sign } from "/static/js/dom.js";
import { counting } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { numberOf, tillOf } from "/static/js/standing.js";
import { callLead, callTitle, cardAnswers, settledWords } from "/static/js/calls.js";

const STILL_MS = 400; // a card that has just moved up is deaf for as long: the finger meant another

/** Make one card. `page` has board, desk, live() and openSale(key). */
export function makeCard(first, page) {
  const number = el("span");
  const badge = el(
    "span",
    { class: "badge" },
    el("span", { class: "out-of-sight" }, t("board.till", { n: "" })),
    number,
  );
  const title = el("strong");
  const lead = el("span", { class: "lead" });
  const time = el("span");
  const head = el(
    "button",
    { type: "button", class: "head", on: { click: () => page.openSale(first.key) } },
    badge,
    el("span", { class: "what" }, title, lead),
    el("span", { class: "counts" }, sign("clock"), time),
  );
  const note = el("p", { class: "note people" }, sign("info"), el("span"));
  const pair = el("div", { class: "pair" });
  const node = el("li", { class: "card arrives" }, head, note, pair);
  const part = { node, tick, update, lastTop: null };
  let call = first;
  let shown = "";

  function answer(event, does) {
    if (!isAvailable(event.currentTarget)) return;
    if (does === "look") page.openSale(call.key);
    else page.desk.answer(call, does);
  }

  function tick() {
    const until = call.settled ? Date.parse(call.settled.resolved_at) : Date.now();
    setText(
      time,
      counting(page.board.secondsSince(call.raised_at, call.settled ? until - page.board.clockOffset : until)),
    );
  }

  function update(now) {
    call = now;
    const row = page.board.rows.get(call.key) ?? {
      key: call.key,
      name: call.kiosk_name,
      kiosk: call.key.split("/")[2],
    };
    setText(number, numberOf(row));
    badge.classList.toggle("long", number.textContent.length > 2);
    setText(title, callTitle(call));
    const here = !call.remote_ok;
    const about = here ? t("only_here") : callLead(call);
    if (lead.textContent !== about) lead.replaceChildren(...(here ? [sign("storefront")] : []), about);
    lead.classList.toggle("here", here);
    lead.hidden = !about;
    node.classList.toggle("settled", Boolean(call.settled));
    node.classList.toggle("refused", call.settled?.approved === false);
    tell();
    buttons(row);
    tick();
  }

  function tell() {
    const word = wordOn(call, page.desk);
    note.hidden = !word;
    if (!word) return;
    note.className = `note ${word.kind}`;
    setSign(note.firstChild, word.sign);
    setText(note.lastChild, word.text);
  }

  function buttons(row) {
    // Buttons that go take the focus with them; the card's head keeps it.
    const gone = Boolean(call.settled) || !page.desk.mayDecide;
    if (gone && pair.contains(document.activeElement)) head.focus();
    pair.hidden = gone;
    const answers = cardAnswers(call);
    const signature = answers.map((one) => one.does + one.label).join();
    if (signature !== shown) {
      shown = signature;
      pair.replaceChildren(
        ...answers.map(({ does, label, sign: name }, i) => {
          const made = button(label, name, (event) => answer(event, does), i ? "no" : "yes");
          made.setAttribute("aria-label", `${label}, ${tillOf(row)}`);
          return made;
        }),
      );
    }
    const can = page.live() && !page.desk.isBusy(call.id);
    for (const control of pair.children) setAvailable(control, can);
  }

  return part;
}

/** What stands between head and buttons: how it ended, who is coming. */
function wordOn(call, desk) {
  if (call.settled) {
    const kind = call.settled.approved ? "fine" : "quiet";
    return { kind, sign: call.settled.approved ? "check-circle" : "info", text: settledWords(call.settled) };
  }
  if (desk.isBusy(call.id)) return { kind: "quiet", sign: "clock", text: t("sending") };
  if (call.mine) return { kind: "people", sign: "person-simple-walk", text: t("on_way_you") };
  if (call.seen_by) return { kind: "people", sign: "person-simple-walk", text: t("on_way", { name: call.seen_by }) };
  return null;
}

let pressing = false;
for (const [event, now] of Object.entries({ pointerdown: true, pointerup: false, pointercancel: false })) {
  addEventListener(event, () => (pressing = now), { capture: true });
}

/**
 * Make the cards deaf that have moved since the last look: a tap on its way was meant for another.
 * A press that has begun is not taken away: where it ends on another card it is no tap at all.
 */
export function hushMoved(parts) {
  for (const part of parts.values()) {
    const top = Math.round(part.node.getBoundingClientRect().top + scrollY);
    if (part.lastTop !== null && part.lastTop !== top && !pressing) {
      part.node.classList.add("moving");
      clearTimeout(part.hushed);
      part.hushed = setTimeout(() => part.node.classList.remove("moving"), STILL_MS);
    }
    part.lastTop = top;
  }
}
