// The device bench: sends verbs of the physical world to the far ends, and shows what they show.
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

// --- the shelf ------------------------------------------------------------------------------------
let goods = [];
const fold = (text) => text.toLowerCase().replaceAll("å", "a").replaceAll("ø", "o").replaceAll("æ", "ae");
function drawShelf() {
  const wanted = fold($("find").value);
  $("goods").replaceChildren(
    ...goods
      .filter((item) => fold(item.name).includes(wanted))
      .map((item) => {
        const button = document.createElement("button");
        const picture = document.createElement("img");
        picture.src = `picture/${item.picture || "none"}`;
        picture.alt = "";
        const kind = document.createElement("small");
        kind.textContent = item.kind;
        button.append(picture, item.name, kind);
        button.addEventListener("click", () => act("scanner", "scan", { text: item.text, aim: item.aim }));
        return button;
      }),
  );
}
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
      button.textContent = `${name}: ${out ? "pulled" : "plugged in"}`;
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

let receipts = 0;
function show(state) {
  chip("scale-state", state.scale.text, state.scale.kind);
  chip("terminal-state", state.terminal.text, state.terminal.kind);
  chip("printer-state", state.printer.text, state.printer.kind);
  chip("staff-state", state.staff.waiting.length ? "wanted" : "free", state.staff.waiting.length ? "wait" : "");
  $("first-code").textContent = state.staff.first_code ? `Sign in at "Ansatt" with ${state.staff.first_code}` : "";
  $("charged").textContent = kroner(state.terminal.charged_minor);
  const plugs = JSON.stringify(state.cables);
  if (plugs !== show.plugs) cables(JSON.parse((show.plugs = plugs)));
  const waiting = JSON.stringify(state.staff.waiting);
  if (waiting !== show.waiting) {
    show.waiting = waiting;
    $("staff-hint").textContent = state.staff.waiting.length ? "" : "Nobody is waiting.";
    $("staff-verbs").replaceChildren(
      ...state.staff.waiting.flatMap((item) =>
        [true, false].map((approved) => {
          const button = document.createElement("button");
          button.textContent = `${approved ? "Approve" : "Refuse"}: ${item.kind}`;
          button.addEventListener("click", () => post("staff", { intervention_id: item.id, approved }));
          return button;
        }),
      ),
    );
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

const bench = await (await fetch("shelf")).json();
goods = bench.goods;
drawShelf();
buttons("card-verbs", "terminal", bench.card_verbs);
buttons("card-faults", "terminal", bench.card_faults);
buttons("printer-verbs", "printer", bench.printer_verbs);
watchDevices();
watchScreen();
