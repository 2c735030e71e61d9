// The shopper's phone: what it shows, and the buttons that make sense just now.
const $ = (id) => document.getElementById(id);

export function drawPhone(state, press) {
  const known = JSON.stringify(state);
  if (known === drawPhone.known) return;
  drawPhone.known = known;
  $("phone-state").textContent = state.app ? `${state.app}: ${state.text}` : state.text;
  $("phone-state").className = `chip ${state.kind}`;
  $("phone-shown").textContent = state.shown ? `Your code is ${state.shown}` : "";
  $("phone-verbs").replaceChildren(
    ...state.verbs.map(({ verb, label }, index) => {
      const button = document.createElement("button");
      button.textContent = label;
      if (index === 0) button.className = "next";
      button.addEventListener("click", () => press(verb));
      return button;
    }),
  );
  if (!state.verbs.length) {
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.textContent = state.app ? "It waits for the provider." : "Choose Vipps, Klarna or Strex on the kiosk.";
    $("phone-verbs").append(hint);
  }
}
