// Reads an AsyncAPI document from standard input and prints what the parser finds wrong, as JSON.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../package.json", import.meta.url));
const { Parser } = require("@asyncapi/parser");

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
console.log(
  JSON.stringify({
    parsed: document !== undefined,
    channels: document === undefined ? 0 : document.channels().all().length,
    messages: document === undefined ? 0 : document.messages().all().length,
    diagnostics: diagnostics.map(({ severity, path, message }) => ({
      severity,
      message,
      path: path.join("."),
    })),
  }),
);
