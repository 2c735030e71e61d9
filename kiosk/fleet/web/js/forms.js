// Fields with their labels, and a form that says beside its button why it was refused.
import { button, el, setText, sign } from "/static/js/dom.js";
import { t } from "/static/js/text.js";

/** A control under its label. */
export const labelled = (label, control) => el("label", { class: "field" }, label, control);

/** A text field that has to be filled in, unless `props` says otherwise. */
export const field = (label, name, props = {}) =>
  labelled(label, el("input", { class: "input", name, required: true, ...props }));

/** A choice among `options`, pairs of value and word. The caret is ours, so that it is the same everywhere. */
export function choice(label, name, options, chosen = "") {
  return labelled(label, picker({ class: "input", name, required: true }, options, chosen));
}

/** A select with our caret. */
export function picker(props, options = [], chosen = "") {
  const select = el(
    "select",
    props,
    options.map(([value, word]) => el("option", { value }, word)),
  );
  if (chosen) select.value = chosen;
  return el("span", { class: "picker" }, select, sign("caret-down"));
}

export const tick = (label, name, on = false) =>
  el("label", { class: "check" }, el("input", { type: "checkbox", name, checked: on }), label);

/** A password that can be looked at while it is typed: whoever sees it makes fewer mistakes. */
export function passwordField(label, name, props = {}) {
  const input = el("input", {
    class: "input",
    type: "password",
    name,
    required: true,
    autocapitalize: "none",
    spellcheck: "false",
    ...props,
  });
  const show = el(
    "button",
    { type: "button", class: "button show", "aria-pressed": "false", "aria-label": t("form.show_typed") },
    t("form.show"),
  );
  show.addEventListener("click", () => {
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    show.setAttribute("aria-pressed", String(!shown));
  });
  const id = `password-${name}`;
  input.id = id;
  return el("div", { class: "field" }, el("label", { for: id }, label), el("div", { class: "with-show" }, input, show));
}

/**
 * A form of `parts` that ends with the button `label`. `send(values, form)` may throw: its words
 * stand over the button until the next try. While it is sent, a second press does nothing.
 */
export function form({ parts, label, send, className = "", words = (error) => error.message }) {
  const problem = el("p", { class: "banner bad", role: "alert", hidden: true }, sign("warning-circle"), el("span"));
  const go = el("button", { class: "button strong" }, label);
  const node = el("form", { class: className }, parts, problem, go);
  let sending = false;
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    problem.hidden = true;
    try {
      await send(Object.fromEntries(new FormData(node)), node);
    } catch (error) {
      setText(problem.lastChild, words(error));
      problem.hidden = false;
    } finally {
      sending = false;
    }
  });
  return node;
}

/**
 * Ask for something in a dialog. The browser keeps the focus inside, Escape closes it, and the
 * focus goes back to what opened it. `make(close)` returns what stands in it.
 */
export function ask(title, make) {
  const node = el("dialog", { class: "ask", "aria-labelledby": "ask-title" });
  const close = () => node.close();
  const shut = button("", "x", close, "round");
  shut.setAttribute("aria-label", t("app.close"));
  node.append(el("header", {}, el("h2", { id: "ask-title" }, title), shut), make(close));
  node.addEventListener("close", () => node.remove());
  document.body.append(node);
  node.showModal();
  node.querySelector("input, select")?.focus();
  return node;
}
