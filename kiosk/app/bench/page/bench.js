// The device bench: sends verbs of the physical world to the far ends, and shows what they show.
import { drawPhone } from "./phone.js";

const $ = (id) => document.getElementById(id);
const say = (text) => {
  $("toast").textContent = text;
  $("toast").classList.add("on");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => $("toast").classList.remove("on"), 2200);
};

async function post(path, body = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Bench": "1" },
    body: JSON.stringify(body),
  });
  const result = await answer.json();
  if (!answer.ok) say(result.error ?? "That did not work.");
  return answer.ok ? result : null;
}
const act = (device, verb, args = {}) => post(`do/${device}/${verb}`, args);

// --- the kiosk's glass: one picture at a time, the next is asked for when the last is shown ------
const screen = $("screen");
const mini = document.querySelector("#mini img");
let frame = -1;
async function watchScreen() {
  for (;;) {
    try {
      const answer = await fetch(`screen?after=${frame}`);
      if (answer.status === 200) {
        frame = Number(answer.headers.get("X-Frame"));
        const url = URL.createObjectURL(await answer.blob());
        const old = screen.src;
        screen.src = url;
        mini.src = url;
        await screen.decode().catch(() => {});
        if (old) URL.revokeObjectURL(old);
        screen.classList.toggle("landscape", screen.naturalWidth > screen.naturalHeight);
      } else if (answer.status !== 204) {
        await new Promise((done) => setTimeout(done, 1000));
      }
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}
screen.addEventListener("pointerdown", (event) => {
  const box = screen.getBoundingClientRect();
  post("tap", { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height });
});

// --- the shopper's hands --------------------------------------------------------------------------
const tell = (answer) => answer?.told && say(answer.told);
const scan = async (number) => tell(await post(`scan/${number}`));
const bag = (verb, args = {}) => post(`bag/${verb}`, args);
const element = (tag, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
const BAG_SIGN = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 8h14l-1 12H6zM9 8V7a3 3 0 0 1 6 0v1"/></svg>';

let goods = [];
const fold = (text) => text.toLowerCase().replaceAll("å", "a").replaceAll("ø", "o").replaceAll("æ", "ae");
function drawGood(item) {
  const picture = element("img", { src: `picture/${item.picture || "none"}`, alt: "", loading: "lazy" });
  const button = element("button", { className: "scan" }, picture, item.name, element("small", { textContent: item.kind }));
  button.addEventListener("click", () => scan(item.number));
  const unscanned = element("button", { className: "bag", innerHTML: BAG_SIGN, title: "Into the bag without a scan" });
  unscanned.setAttribute("aria-label", `${item.name}: into the bag without a scan`);
  unscanned.addEventListener("click", () => bag("put", { number: item.number }));
  return element("div", { className: "good" }, button, unscanned);
}
function drawShelf() {
  const wanted = fold($("find").value);
  $("goods").replaceChildren(...goods.filter((item) => fold(item.name).includes(wanted)).map(drawGood));
}
function drawBag(state) {
  chip("bag-state", state.text, state.text === "moving" ? "wait" : "");
  $("bags-scans").checked = state.bags_scans;
  const things = JSON.stringify(state.things);
  if (things === drawBag.things) return;
  drawBag.things = things;
  $("things").replaceChildren(
    ...state.things.map(({ id, name, grams }) => {
      const button = element("button", { title: "Take it up again" }, `${name} `, element("span", { textContent: `${grams} g` }));
      button.addEventListener("click", () => bag("take", { thing: id }));
      return button;
    }),
  );
  if (!state.things.length) $("things").append(element("p", { textContent: "Nothing lies on the bag scale." }));
}
document.querySelectorAll("button[data-bag]").forEach((button) => button.addEventListener("click", () => bag(button.dataset.bag)));
$("bags-scans").addEventListener("change", (event) => bag("scans", { on: event.target.checked }));
$("lean").addEventListener("click", () => {
  const on = $("lean").getAttribute("aria-pressed") !== "true";
  $("lean").setAttribute("aria-pressed", String(on));
  bag("lean", { on });
});
$("find").addEventListener("input", drawShelf);
$("code-form").addEventListener("submit", (event) => {
  event.preventDefault();
  act("scanner", "scan", { text: $("code").value.replaceAll("{GS}", "\u001d"), aim: $("aim").value });
});

// --- the devices ----------------------------------------------------------------------------------
$("grams").addEventListener("input", () => ($("grams-text").textContent = `${$("grams").value} g`));
document.querySelectorAll("button[data-verb]").forEach((button) =>
  button.addEventListener("click", () =>
    act(button.dataset.device, button.dataset.verb, "grams" in button.dataset ? { grams: Number($("grams").value) } : {}),
  ),
);
function buttons(place, device, verbs) {
  $(place).replaceChildren(
    ...verbs.map(({ verb, label, args = {}, next = false }) => {
      const button = document.createElement("button");
      button.textContent = label;
      if (next) button.className = "next";
      button.addEventListener("click", () => act(device, verb, args));
      return button;
    }),
  );
}
function cables(devices) {
  $("cables").replaceChildren(
    ...Object.entries(devices).map(([name, state]) => {
      const button = document.createElement("button");
      const out = state.plugged === false;
      button.textContent = `${name.replace("_", " ")}: ${out ? "pulled" : "plugged in"}`;
      button.setAttribute("aria-pressed", String(out));
      button.addEventListener("click", () => act(name, out ? "plug_in" : "unplug"));
      return button;
    }),
  );
}
const chip = (id, text, kind = "") => {
  $(id).textContent = text;
  $(id).className = `chip ${kind}`;
};
const kroner = (minor) => (minor / 100).toFixed(2).replace(".", ",");

function drawLight(lit) {
  document.querySelectorAll("#light i").forEach((lamp) => lamp.classList.toggle("on", lit.includes(lamp.dataset.lamp)));
  $("light").setAttribute("aria-label", lit.length ? `The light over the till is ${lit.join(" and ")}` : "The light over the till is dark");
}
function drawCall(call) {
  const about = element("p", { textContent: call.words }, ...(call.name ? [element("small", { textContent: call.name })] : []));
  // Help and broken devices are seen to, never refused.
  const seenTo = ["help", "device"].includes(call.kind);
  const answers = (seenTo ? [true] : [true, false]).map((approved) => {
    const button = element("button", { textContent: seenTo ? "Done" : approved ? "Approve" : "Refuse", className: approved ? "yes" : "" });
    button.setAttribute("aria-label", `${button.textContent}: ${call.words}`);
    button.addEventListener("click", async () => tell(await post("decide", { intervention_id: call.id, approved })));
    return button;
  });
  return element("div", { className: "call" }, about, element("div", { className: "row" }, ...answers));
}
function drawPeople(people) {
  const known = JSON.stringify(people);
  if (known === drawPeople.known) return;
  drawPeople.known = known;
  $("people").replaceChildren(
    ...people.map(({ number, name, role, pin }) => {
      const badges = [["badge", "Hold badge", "yes"], ["scanner", "Badge to scanner", ""]].map(([reader, label, className]) => {
        const button = element("button", { textContent: label, className });
        button.setAttribute("aria-label", `${name}: ${label}`);
        button.addEventListener("click", () => post("badge", { number, reader }));
        return button;
      });
      return element(
        "div", { className: "person" },
        element("b", { textContent: name }), element("span", {}, "Number ", element("code", { textContent: number })),
        element("span", { className: "role-word", textContent: role }), element("span", {}, "PIN ", element("code", { textContent: pin })),
        element("div", { className: "row" }, ...badges),
      );
    }),
  );
}

let receipts = 0;
function show(state) {
  chip("scale-state", state.scale.text, state.scale.kind);
  chip("terminal-state", state.terminal.text, state.terminal.kind);
  chip("printer-state", state.printer.text, state.printer.kind);
  const calls = state.staff.waiting.length;
  chip("staff-state", calls ? String(calls) : "", calls ? "wait" : "");
  $("calls-count").hidden = !calls;
  $("calls-count").textContent = calls;
  drawLight(state.light);
  drawBag(state.bag);
  drawPhone(state.phone, async (verb) => tell(await post(`phone/${verb}`)));
  drawPeople(state.staff.people);
  $("charged").textContent = kroner(state.terminal.charged_minor);
  const plugs = JSON.stringify(state.cables);
  if (plugs !== show.plugs) cables(JSON.parse((show.plugs = plugs)));
  const waiting = JSON.stringify(state.staff.waiting);
  if (waiting !== show.waiting) {
    show.waiting = waiting;
    $("staff-hint").textContent = state.staff.waiting.length ? "" : "Nobody is waiting.";
    $("staff-verbs").replaceChildren(...state.staff.waiting.map(drawCall));
  }
  if (state.printer.receipts !== receipts) {
    receipts = state.printer.receipts;
    $("receipt").hidden = receipts === 0;
    $("no-receipt").hidden = receipts > 0;
    if (receipts) $("receipt").src = `receipt?number=${receipts}`;
  }
}
function watchDevices() {
  const events = new EventSource("events");
  events.addEventListener("state", (event) => {
    chip("link", "Connected");
    show(JSON.parse(event.data));
  });
  events.addEventListener("error", () => chip("link", "The bench does not answer. Is make run still running?", "bad"));
}

// --- on a phone: one part at a time, and the kiosk small beside it ------------------------------
function showPart(name) {
  document.body.dataset.tab = name;
  document.querySelectorAll("nav button").forEach((button) => button.setAttribute("aria-current", String(button.dataset.goto === name)));
  window.scrollTo(0, 0);
}
document.querySelectorAll("nav button").forEach((button) => button.addEventListener("click", () => showPart(button.dataset.goto)));
$("mini").addEventListener("click", () => showPart("kiosk"));
showPart("kiosk");

async function linkFleet() {
  const { board, operator, people } = await (await fetch("fleet")).json();
  if (!board) return;
  $("board-link").href = board;
  $("operator-link").href = operator;
  $("fleet-people").replaceChildren(...people.map(({ name, role, password }) => element(
    "div", { className: "person" },
    element("b", { textContent: name }), element("span", { className: "role-word", textContent: role }),
    element("span", {}, "Password ", element("code", { textContent: password })),
  )));
  $("fleet").hidden = false;
}
linkFleet();

const bench = await (await fetch("shelf")).json();
goods = bench.goods;
drawShelf();
buttons("card-verbs", "terminal", bench.card_verbs);
buttons("card-faults", "terminal", bench.card_faults);
buttons("printer-verbs", "printer", bench.printer_verbs);
watchDevices();
watchScreen();
