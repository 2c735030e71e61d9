// The group that a kiosk belongs to in roll-outs, changed in a dialog.
import * as api from "/static/js/api.js";
import { el } from "/static/js/dom.js";
import { ask, field, form } from "/static/js/forms.js";
import { t } from "/static/js/text.js";

/** Ask for another group; `done()` when the server has it. */
export function askGroup(fleet, key, say, done) {
  const known = [...new Set([...fleet.rows.values()].map((row) => row.group))].filter(Boolean).sort();
  ask(t("kiosk.group_change"), (close) =>
    form({
      className: "ask-form",
      parts: [
        field(t("kiosk.group"), "group", {
          required: false,
          pattern: "[a-z0-9\\-]{0,40}",
          maxlength: 40,
          list: "known-groups",
          autocapitalize: "none",
          autocomplete: "off",
          value: fleet.rows.get(key)?.group ?? "",
        }),
        el(
          "datalist",
          { id: "known-groups" },
          known.map((group) => el("option", { value: group })),
        ),
        el("p", { class: "lead" }, t("kiosk.group_lead")),
      ],
      label: t("app.save"),
      send: async ({ group }) => {
        await api.setGroup(key, group.trim());
        close();
        say(t("kiosk.group_done"));
        done();
      },
    }),
  );
}
