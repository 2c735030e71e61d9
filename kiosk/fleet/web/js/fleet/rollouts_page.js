// Versions on their way to the kiosks, stage by stage.
import * as api from "/static/js/api.js";
import { button, chip, el } from "/static/js/dom.js";
import { clock, whole } from "/static/js/format.js";
import { t, tOr } from "/static/js/text.js";

const STATES = { running: ["people", "arrows-clockwise"], paused: ["wait", "pause"], stopped: ["bad", "stop-circle"], done: ["fine", "check-circle"] };
const STAGES = { waiting: ["quiet", "clock"], running: ["people", "arrows-clockwise"], done: ["fine", "check-circle"] };
const OPERATORS = new Set(["operator", "admin"]);

export class Page {
  constructor({ fleet, user, say }) {
    Object.assign(this, { fleet, say });
    this.mayStep = OPERATORS.has(user.role) && !user.stores?.length;
    this.title = t("rollouts.title");
    this.rollouts = [];
    this.list = el("div");
    this.form = this.mayStep ? this.#form() : null;
    this.node = el("div", {}, el("div", { class: "head" }, el("h1", { tabindex: "-1" }, this.title)), el("p", { class: "page-lead" }, t("rollouts.lead")), this.list, this.form);
    this.stop = fleet.listen((name, data) => name === "rollouts" && this.#take(data));
  }

  close() {
    this.stop();
  }

  async begin() {
    const [rollouts, snapshots] = await Promise.all([api.rollouts().catch(() => []), api.snapshots().catch(() => [])]);
    this.#take(rollouts);
    this.versions?.replaceChildren(...snapshots.map((one) => el("option", { value: `${one.kind} ${one.version}` }, `${t(`rollouts.kind_${one.kind}`)} ${one.version}`)));
  }

  #take(changed) {
    for (const one of changed) {
      const at = this.rollouts.findIndex((known) => known.id === one.id);
      if (at >= 0) this.rollouts[at] = one;
      else this.rollouts.push(one);
    }
    this.rollouts.sort((a, b) => b.id - a.id);
    this.list.replaceChildren(...(this.rollouts.length ? this.rollouts.map((one) => this.#rollout(one)) : [el("p", { class: "banner quiet" }, t("rollouts.none"))]));
  }

  #rollout(one) {
    const [kind, sign] = STATES[one.state] ?? STATES.paused;
    const stages = one.stages.map((stage) => this.#stage(stage));
    const acts = this.mayStep ? this.#steps(one) : [];
    return el("section", { class: "sheet rollout" },
      el("div", { class: "top" }, el("h2", {}, `${t(`rollouts.kind_${one.kind}`)} ${one.version}`), chip({ kind, sign, word: tOr(`rollouts.${one.state}`, "rollouts.paused") })),
      one.reason ? el("p", {}, one.reason) : null, el("ul", { class: "stages" }, stages),
      el("p", { class: "lead" }, `${t("rollouts.limit", { percent: one.worse_percent_max, minutes: one.soak_minutes })} · ${t("rollouts.by", { name: one.started_by, time: clock(one.started_at) })}`),
      acts.length ? el("p", { class: "acts" }, acts) : null);
  }

  #stage(stage) {
    const name = stage.group === "*" ? t("rollouts.rest") : stage.group;
    const [kind, sign] = STAGES[stage.state] ?? STAGES.waiting;
    const words = t("rollouts.progress", { applied: whole(stage.applied), target: whole(stage.target) });
    return el("li", {}, el("span", {}, el("strong", {}, name), el("br"), el("span", { class: "lead" }, words, stage.worse ? ` · ${t("rollouts.worse", { n: stage.worse })}` : "")),
      el("progress", { max: Math.max(1, stage.target), value: stage.applied, "aria-label": `${name}: ${words}` }), chip({ kind, sign, word: t(`rollouts.stage_${stage.state}`) }));
  }

  #steps(one) {
    const step = (name, signName, label) => button(label ?? t(`rollouts.${name}`), signName, async () => {
      try {
        this.#take([await api.stepRollout(one.id, name)]);
      } catch (error) {
        this.say(error.message, "bad");
      }
    });
    const steps = [];
    if (one.state === "running") steps.push(step("pause", "pause"), step("stop", "stop-circle"));
    if (one.state === "paused" || one.state === "stopped") steps.push(step("resume", "play"));
    if (one.previous) steps.push(step("back", "arrow-left", t("rollouts.back", { version: one.previous })));
    return steps;
  }

  #form() {
    const field = (label, control) => el("label", { class: "field" }, label, control);
    const input = (name, props) => el("input", { class: "input", name, required: true, ...props });
    this.versions = el("select", { class: "input", name: "version", required: true });
    const form = el("form", { class: "sheet form" }, el("h2", {}, t("rollouts.new")), field(t("rollouts.version"), this.versions),
      field(t("rollouts.tenant"), input("tenant", { pattern: "[a-z0-9\\-]{1,40}" })), field(t("rollouts.groups"), input("groups", { value: "pilot, *" })),
      field(t("rollouts.worse_max"), input("worse", { type: "number", min: 0, max: 100, value: 5 })), field(t("rollouts.soak"), input("soak", { type: "number", min: 0, max: 10080, value: 30 })),
      el("p", {}, el("button", { class: "button strong" }, t("rollouts.start"))));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = new FormData(form);
      const [kind, version] = given.get("version").split(" ");
      const groups = given.get("groups").split(",").map((group) => group.trim()).filter(Boolean);
      const asked = { kind, version, tenant: given.get("tenant"), groups, worse_percent_max: Number(given.get("worse")), soak_minutes: Number(given.get("soak")) };
      try {
        this.#take([await api.startRollout(asked)]);
        this.node.querySelector("h1").focus();
      } catch (error) {
        this.say(error.message, "bad");
      }
    });
    return form;
  }
}
