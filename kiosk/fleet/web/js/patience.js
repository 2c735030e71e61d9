// How long the page waits for people and for the server. A test on a machine where everything takes
// longer may stretch it, and so need not hurry.

/** `ms` milliseconds; `window.stretch` times as many where a test says so. */
export const patience = (ms) => ms * (globalThis.stretch ?? 1);
