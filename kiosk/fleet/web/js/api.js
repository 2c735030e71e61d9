// The server's API: JSON, the session's cookie, and the CSRF token with everything that changes.
import { patience } from "/static/js/patience.js";
import { t, tOr } from "/static/js/text.js";

const PATIENCE_MS = patience(10_000);
let token = "";

/** A request that was not answered with what was asked for. `code` is the API's, or "unreachable". */
export class Refused extends Error {
  constructor(status, code, retryAfter = 0, detail = "") {
    super(tOr(`problem.${code}`, "problem.other", { n: retryAfter }));
    this.status = status;
    this.code = code;
    this.detail = detail;
  }
}

async function ask(method, path, { query = {}, body, raw } = {}) {
  const address = new URL(`/api/${path}`, location.origin);
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== "" && one !== undefined) address.searchParams.append(name, one);
  }
  const headers = {};
  if (method !== "GET") headers["X-CSRF-Token"] = token;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (raw) headers["Content-Type"] = "application/octet-stream";
  let answer;
  try {
    answer = await fetch(address, {
      method,
      headers,
      cache: "no-store",
      body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
      signal: AbortSignal.timeout(raw ? 120_000 : PATIENCE_MS),
    });
  } catch {
    throw new Refused(0, "unreachable");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, problem.code ?? "other", problem.retry_after_s ?? 0, problem.detail ?? "");
}

const keyPath = (key) => key.split("/").map(encodeURIComponent).join("/");

export async function session() {
  const found = await ask("GET", "session");
  token = found.csrf_token;
  return found;
}
export async function signIn(name, password) {
  const found = await ask("POST", "session", { body: { name, password } });
  token = found.csrf_token;
  return found;
}
/** Change one's own password: all sessions end but this one, which goes on under a new token. */
export async function changePassword(current, wanted) {
  const found = await ask("POST", "session/password", { body: { current, new: wanted } });
  token = found.csrf_token;
  return found;
}
/** Make the first admin, who is signed in by it. */
export async function firstStart(asked) {
  const found = await ask("POST", "first-start", { body: asked });
  token = found.csrf_token;
  return found;
}
export const signOut = () => ask("DELETE", "session");

export const stores = () => ask("GET", "stores");
export const kiosks = (query) => ask("GET", "kiosks", { query });
export const kiosk = (key) => ask("GET", `kiosks/${keyPath(key)}`);
export const kioskEvents = (key, query) => ask("GET", `kiosks/${keyPath(key)}/events`, { query });
export const kioskHealth = (key, query) => ask("GET", `kiosks/${keyPath(key)}/health`, { query });
export const kioskLogs = (key) => ask("GET", `kiosks/${keyPath(key)}/logs`);
export const screenshotAddress = (key, at) => `/api/kiosks/${keyPath(key)}/screenshot?at=${encodeURIComponent(at)}`;
export const kioskCommands = (key) => ask("GET", `kiosks/${keyPath(key)}/commands`, { query: { limit: 6 } });
export const setGroup = (key, group) => ask("PUT", `kiosks/${keyPath(key)}/group`, { body: { group } });
export const command = (key, kind, args = {}) =>
  ask("POST", `kiosks/${keyPath(key)}/commands`, { body: { kind, args } });

export const interventions = (query) => ask("GET", "interventions", { query });
export const decide = (call, word) =>
  ask("POST", `interventions/${keyPath(call.key)}/${encodeURIComponent(call.id)}/decide`, { body: word });

export const alerts = (query) => ask("GET", "alerts", { query });
export const acknowledge = (id) => ask("POST", `alerts/${id}/acknowledge`);
export const closeAlert = (id) => ask("POST", `alerts/${id}/close`);
export const figures = (query) => ask("GET", "figures", { query });
export const chart = (name, query) => ask("GET", `charts/${name}`, { query });
export const audit = (query) => ask("GET", "audit", { query });
export const snapshots = () => ask("GET", "catalogs");
export const upload = (query, file) => ask("POST", "catalogs", { query, raw: file });
export const rollouts = () => ask("GET", "rollouts");
export const startRollout = (asked) => ask("POST", "rollouts", { body: asked });
export const stepRollout = (id, step) => ask("POST", `rollouts/${id}/${step}`);
export const users = () => ask("GET", "users");
export const addUser = (asked) => ask("POST", "users", { body: asked });
export const changeUser = (name, asked) => ask("PATCH", `users/${encodeURIComponent(name)}`, { body: asked });

/** Say a kiosk's verdict in words. */
export function verdictWords(status, till) {
  if (status.state === "sent") return t("no_answer");
  if (status.state === "expired") return t("verdict.expired");
  return tOr(`verdict.${status.verdict}`, "verdict.other", { till });
}
