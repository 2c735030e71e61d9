// The few lines that a framework would be here: make an element, show a sign, keep a list in step.

const SVG = "http://www.w3.org/2000/svg";

// The signs are laid into the page once. A sign that changes is then another in the same frame;
// from the file each change would be a question to the server first.
fetch("/static/signs.svg")
  .then((answer) => answer.text())
  .then((text) => {
    const signs = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    signs.setAttribute("hidden", "");
    signs.setAttribute("aria-hidden", "true");
    document.body.append(signs);
  })
  .catch(() => {}); // without them the words are still there

/**
 * Make an element. `props` are attributes, but `class` is its classes, `on` its listeners, and true
 * and false set or leave out an attribute. Text is always text: nothing here takes HTML.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** A sign from the sprite. It says nothing to a screen reader: a word stands beside it. */
export function sign(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "sign");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  svg.append(use);
  setSign(svg, name);
  return svg;
}

export function setSign(svg, name) {
  const address = `#${name}`;
  if (svg.firstChild.getAttribute("href") !== address) svg.firstChild.setAttribute("href", address);
}

/** Change a text only when it is another one: a live region must not speak twice. */
export function setText(node, text) {
  if (node.textContent !== String(text)) node.textContent = text;
}

export function button(label, signName, onClick, className = "") {
  return el(
    "button",
    { type: "button", class: `button ${className}`, on: { click: onClick } },
    signName && sign(signName),
    el("span", {}, label),
  );
}

export function chip({ kind, sign: name, word }) {
  return el("span", { class: `chip ${kind}` }, sign(name), el("span", {}, word));
}

/** A control that is not available says so, stays in place, and keeps the focus. */
export function setAvailable(control, available) {
  if (available) control.removeAttribute("aria-disabled");
  else control.setAttribute("aria-disabled", "true");
}

export const isAvailable = (control) => control.getAttribute("aria-disabled") !== "true";

/** Do `work` on the next frame, once, however often it is asked for until then. */
export function onFrame(work) {
  let frame = null;
  return () => {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      work();
    });
  };
}

/**
 * Bring the children of `box` in step with `items`: one child for each key, in this order, none
 * made twice and none moved that stands right, so focus and animations live on.
 * `make(item)` returns {node, update(item)}.
 */
export function keyed(box, items, keyOf, make) {
  const known = (box.parts ??= new Map());
  const wanted = new Set(items.map(keyOf));
  for (const [key, part] of known) {
    if (!wanted.has(key)) {
      part.node.remove();
      known.delete(key);
    }
  }
  let place = box.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    let part = known.get(key);
    if (!part) {
      part = make(item);
      known.set(key, part);
    }
    part.update(item);
    if (part.node === place) place = place.nextSibling;
    else box.insertBefore(part.node, place);
  }
  return known;
}
