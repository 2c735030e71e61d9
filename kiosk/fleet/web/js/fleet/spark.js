// The small drawings beside a figure: bars for today, a line with its goal. Decoration: the figure
// itself is the message, so a screen reader passes them by.

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 90;
const HEIGHT = 46;

function shape(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function frame(width, height) {
  return shape("svg", {
    class: "spark",
    viewBox: `0 0 ${width} ${height}`,
    "aria-hidden": "true",
    preserveAspectRatio: "none",
  });
}

/** Bars, the last one (now) dark. */
export function sparkBars(values, width = WIDTH, height = HEIGHT) {
  const svg = frame(width, height);
  const most = Math.max(...values.map((v) => v ?? 0), 1e-9);
  const step = width / values.length;
  values.forEach((value, i) => {
    const tall = Math.max(1.5, ((value ?? 0) / most) * height);
    svg.append(
      shape("rect", {
        class: i === values.length - 1 ? "last" : "pale",
        x: i * step + 1,
        y: height - tall,
        width: Math.max(1, step - 2),
        height: tall,
        rx: Math.min(3, step / 4),
      }),
    );
  });
  return svg;
}

/**
 * A line with a dot at its end; `limit` is dashed. Where nothing is known the line has a gap. The
 * scale begins at `from`, where that is given: a small change of a large figure is then a small one.
 */
export function sparkLine(values, limit = null, { width = WIDTH, height = HEIGHT, from = null } = {}) {
  const svg = frame(width, height);
  const known = [...values, limit, from].filter((v) => v !== null);
  if (values.every((v) => v === null)) return svg;
  const low = Math.min(...known);
  const high = Math.max(...known);
  const y = (v) => (high === low ? height / 2 : height - 4 - ((v - low) / (high - low)) * (height - 8));
  const x = (i) => (values.length < 2 ? width / 2 : (i / (values.length - 1)) * (width - 8) + 2);
  if (limit !== null) svg.append(shape("line", { class: "limit", x1: 0, x2: width, y1: y(limit), y2: y(limit) }));
  let path = "";
  values.forEach((v, i) => {
    if (v !== null) path += `${path === "" || values[i - 1] === null ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
  });
  svg.append(shape("path", { class: "line", d: path }));
  const last = values.findLastIndex((v) => v !== null);
  if (last >= 0) svg.append(shape("circle", { class: "dot", cx: x(last), cy: y(values[last]), r: 4.5 }));
  return svg;
}
