// Search, quick filters and choices over the table. They are in the address, so that going back and
// a link that somebody sends show the same.
import { el, setText, sign } from "/static/js/dom.js";
import { picker } from "/static/js/forms.js";
import { whole } from "/static/js/format.js";
import { t } from "/static/js/text.js";
import { GROUPINGS } from "/static/js/fleet/groups.js";

const QUICK = { all: null, need: "warning-circle", updating: "arrows-clockwise" };
const NOTHING = { search: "", show: "all", store: "", version: "", group: null, by: "" };
const IN_ADDRESS = { search: "q", show: "show", store: "store", version: "version", group: "group", by: "by" };

/** What the address asks for. */
export function wantedOf(search) {
  const asked = new URLSearchParams(search);
  const given = Object.entries(IN_ADDRESS)
    .filter(([, name]) => asked.has(name))
    .map(([name, short]) => [name, asked.get(short)]);
  return { ...NOTHING, sort: "condition", descending: false, ...Object.fromEntries(given) };
}

/** The address of what is wanted. */
export function addressOf(wanted, here) {
  const address = new URL(here);
  for (const [name, short] of Object.entries(IN_ADDRESS)) {
    if (wanted[name] === NOTHING[name]) address.searchParams.delete(short);
    else address.searchParams.set(short, wanted[name]);
  }
  return address;
}

export class Filters {
  /** `want(change)` is called with what is to be different. */
  constructor(fleet, wanted, want) {
    Object.assign(this, { fleet, wanted });
    this.search = el("input", {
      class: "input",
      type: "search",
      placeholder: t("fleet.search"),
      "aria-label": t("fleet.search"),
      value: wanted.search,
      maxlength: 80,
    });
    this.search.addEventListener("input", () => want({ search: this.search.value }));
    this.quick = Object.entries(QUICK).map(([show, signName]) => {
      const made = el(
        "button",
        { type: "button", class: "button", on: { click: () => want({ show }) } },
        signName && sign(signName),
        el("span"),
      );
      made.dataset.show = show;
      return made;
    });
    this.pickers = {
      store: select("fleet.all_stores", (store) => want({ store })),
      version: select("fleet.all_versions", (version) => want({ version })),
      group: select("fleet.all_groups", (value) => want({ group: value === "" ? null : value === "-" ? "" : value })),
    };
    this.by = select("fleet.by_none", (by) => want({ by }), "fleet.by");
    fill(
      this.by,
      GROUPINGS.map((one) => [one, t(`fleet.by_${one}`)]),
      wanted.by,
    );
    this.node = el(
      "div",
      { class: "filters", role: "group", "aria-label": t("fleet.filters") },
      el("div", { class: "search" }, sign("magnifying-glass"), this.search),
      el("div", { class: "chips" }, this.quick, Object.values(this.pickers)),
    );
  }

  /** Numbers on the quick filters. */
  drawNumbers() {
    const { fleet } = this;
    const numbers = { all: fleet.total, need: fleet.needCount, updating: fleet.counts.updating };
    for (const made of this.quick) {
      const { show } = made.dataset;
      setText(made.lastChild, t(`fleet.filter_${show}`, { n: whole(numbers[show] ?? 0) }));
      made.setAttribute("aria-pressed", String(this.wanted.show === show));
    }
  }

  /** What there is to choose from. */
  drawChoices() {
    const { fleet, wanted, pickers } = this;
    const rows = [...fleet.rows.values()];
    fill(
      pickers.store,
      [...fleet.stores.values()].map((store) => [store.key, store.name || store.key]),
      wanted.store,
    );
    fill(
      pickers.version,
      [...new Set(rows.map((row) => row.software).filter(Boolean))].sort().map((v) => [v, v]),
      wanted.version,
    );
    const groups = [...new Set(rows.map((row) => row.group))].sort();
    pickers.group.hidden = groups.every((group) => !group);
    fill(
      pickers.group,
      groups.map((group) => [group || "-", group || t("fleet.no_group")]),
      wanted.group === null ? "" : wanted.group || "-",
    );
  }
}

/** A select whose first choice, `none`, stands for no choice. */
function select(none, chosen, label = none) {
  const made = picker({ class: "button", "aria-label": t(label) }, [["", t(none)]]);
  made.firstChild.addEventListener("change", (event) => chosen(event.target.value));
  return made;
}

function fill(box, options, value) {
  const made = box.firstChild;
  const signature = JSON.stringify(options);
  if (made.signature !== signature) {
    made.signature = signature;
    made.replaceChildren(made.options[0], ...options.map(([key, name]) => el("option", { value: key }, name)));
  }
  made.value = value;
}
