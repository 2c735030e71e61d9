// The table as a file: what is shown, in the order in which it is shown.
import { t } from "/static/js/text.js";
import { conditionChip } from "/static/js/fleet/words_of.js";

const quoted = (value) => {
  const text = String(value ?? "");
  // A cell that begins like a formula is made a text, or a spreadsheet would run it.
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[";\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** Semicolons and a byte order mark, as Norwegian spreadsheets want it. */
export function tableText(rows) {
  const titles = ["store", "kiosk", "state", "heard", "version", "group", "sales", "paper"].map((name) =>
    t(`fleet.${name}`),
  );
  const lines = rows.map((row) => [
    row.storeName,
    row.name,
    conditionChip(row).word,
    row.last_heard_at,
    row.software,
    row.group,
    (row.sales_today_minor / 100).toFixed(2).replace(".", ","),
    row.paper,
  ]);
  return `\ufeff${[titles, ...lines].map((line) => line.map(quoted).join(";")).join("\r\n")}\r\n`;
}

export function download(rows) {
  const address = URL.createObjectURL(new Blob([tableText(rows)], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${t("nav.kiosks").toLowerCase()}-${new Date().toISOString().slice(0, 10)}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
