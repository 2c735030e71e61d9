// Versions on their way to the kiosks, stage by stage.
import * as api from "/static/js/api.js";
import { button, chip, el } from "/static/js/dom.js";
import { choice, field, form } from "/static/js/forms.js";
import { clock, whole } from "/static/js/format.js";
import { mayRelease } from "/static/js/rights.js";
import { t, tOr } from "/static/js/text.js";

const STATES = {
  running: ["people", "arrows-clockwise"],
  paused: ["wait", "pause"],
  stopped: ["bad", "stop-circle"],
  done: ["fine", "check-circle"],
};
const STAGES = { waiting: ["quiet", "clock"], running: ["people", "arrows-clockwise"], done: ["fine", "check-circle"] };

export class Page {
  constructor({ fleet, user, say }) {
    Object.assign(this, { fleet, say });
    this.mayStep = mayRelease(user);
    this.title = t("rollouts.title");
    this.rollouts = [];
    this.list = el("div");
    this.beside = el("div", { class: "beside" }, this.list);
    this.node = el(
      "div",
      {},
      el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)),
      el("p", { class: "page-lead" }, t("rollouts.lead")),
      this.beside,
    );
    this.stop = fleet.listen((name, data) => name === "rollouts" && this.#take(data));
  }

  close() {
    this.stop();
  }

  async begin() {
    const [rollouts, snapshots] = await Promise.all([api.rollouts().catch(() => []), api.snapshots().catch(() => [])]);
    this.#take(rollouts);
    if (this.mayStep && !this.beside.lastChild.matches("form"))
      this.beside.append(
        snapshots.length ? this.#form(snapshots) : el("p", { class: "banner quiet" }, t("rollouts.no_versions")),
      );
  }

  #take(changed) {
    for (const one of changed) {
      const at = this.rollouts.findIndex((known) => known.id === one.id);
      if (at >= 0) this.rollouts[at] = one;
      else this.rollouts.push(one);
    }
    this.rollouts.sort((a, b) => b.id - a.id);
    this.list.replaceChildren(
      ...(this.rollouts.length
        ? this.rollouts.map((one) => this.#rollout(one))
        : [el("p", { class: "banner quiet" }, t("rollouts.none"))]),
    );
  }

  #rollout(one) {
    const [kind, sign] = STATES[one.state] ?? STATES.paused;
    const stages = one.stages.map((stage) => this.#stage(stage));
    const acts = this.mayStep ? this.#steps(one) : [];
    return el(
      "section",
      { class: "sheet rollout" },
      el(
        "div",
        { class: "top" },
        el("h2", {}, `${t(`rollouts.kind_${one.kind}`)} ${one.version}`),
        chip({ kind, sign, word: tOr(`rollouts.${one.state}`, "rollouts.paused") }),
      ),
      one.reason ? el("p", {}, one.reason) : null,
      el("ul", { class: "stages" }, stages),
      el(
        "p",
        { class: "lead" },
        [
          t("rollouts.limit", { percent: one.worse_percent_max, minutes: one.soak_minutes }),
          t("rollouts.by", { name: one.started_by, time: clock(one.started_at) }),
        ].join(" · "),
      ),
      acts.length ? el("p", { class: "acts" }, acts) : null,
    );
  }

  #stage(stage) {
    const name = stage.group === "*" ? t("rollouts.rest") : stage.group;
    const [kind, sign] = STAGES[stage.state] ?? STAGES.waiting;
    const words = t("rollouts.progress", { applied: whole(stage.applied), target: whole(stage.target) });
    return el(
      "li",
      {},
      el(
        "span",
        {},
        el("strong", {}, name),
        el("br"),
        el("span", { class: "lead" }, words, stage.worse ? ` · ${t("rollouts.worse", { n: stage.worse })}` : ""),
      ),
      el("progress", { max: Math.max(1, stage.target), value: stage.applied, "aria-label": `${name}: ${words}` }),
      chip({ kind, sign, word: t(`rollouts.stage_${stage.state}`) }),
    );
  }

  #steps(one) {
    const step = (name, signName, label) =>
      button(label ?? t(`rollouts.${name}`), signName, async () => {
        try {
          this.#take([await api.stepRollout(one.id, name)]);
        } catch (error) {
          this.say(error.message, "bad");
        }
      });
    const steps = [];
    if (one.state === "running") steps.push(step("pause", "pause"), step("stop", "stop-circle"));
    if (one.state === "paused" || one.state === "stopped") steps.push(step("resume", "play"));
    if (one.previous && one.kind !== "software")
      steps.push(step("back", "arrow-left", t("rollouts.back", { version: one.previous })));
    return steps;
  }

  #form(snapshots) {
    const versions = snapshots.map((one) => [
      `${one.kind} ${one.version}`,
      `${t(`rollouts.kind_${one.kind}`)} ${one.version}`,
    ]);
    const tenants = [...new Set([...this.fleet.stores.values()].map((store) => store.tenant))];
    const number = (label, name, most, value) => field(t(label), name, { type: "number", min: 0, max: most, value });
    return form({
      className: "sheet form",
      parts: [
        el("h2", {}, t("rollouts.new")),
        choice(t("rollouts.version"), "version", versions),
        choice(
          t("rollouts.tenant"),
          "tenant",
          tenants.map((tenant) => [tenant, tenant]),
        ),
        field(t("rollouts.groups"), "groups", { value: "pilot, *", autocomplete: "off" }),
        number("rollouts.worse_max", "worse", 100, 5),
        number("rollouts.soak", "soak", 10080, 30),
      ],
      label: t("rollouts.start"),
      send: (given) => this.#start(given),
    });
  }

  async #start({ version: chosen, tenant, groups, worse, soak }) {
    const [kind, version] = chosen.split(" ");
    const order = groups
      .split(",")
      .map((group) => group.trim())
      .filter(Boolean);
    this.#take([
      await api.startRollout({
        kind,
        version,
        tenant,
        groups: order,
        worse_percent_max: Number(worse),
        soak_minutes: Number(soak),
      }),
    ]);
    this.node.querySelector("h1").focus();
  }
}
