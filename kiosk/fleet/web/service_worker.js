// Lets the pages open without a network, so that they can say that they are offline. It keeps the
// pages' own files and nothing else: what the API answers is never kept, here or anywhere, because
// an old list of who waits is worse than none. The network always comes first.

const SHELF = "selvkasse-pages-1";
const PAGES = ["/board", "/fleet"];
const KEPT = /^\/static\//;

addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELF)
      .then((shelf) => shelf.addAll(PAGES))
      .then(() => skipWaiting()),
  );
});

addEventListener("activate", (event) => {
  const tidy = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name))));
  event.waitUntil(tidy.then(() => clients.claim()));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, address));
  else if (KEPT.test(address.pathname)) event.respondWith(file(request));
});

async function page(request, address) {
  try {
    return await fetch(request);
  } catch (error) {
    const shell = PAGES.find((one) => address.pathname.startsWith(one));
    const kept = shell && (await caches.match(shell));
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(SHELF)).put(request, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

// A touch on a notice brings the board forward, and opens the kiosk that it was about.
addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringForward(event.notification.data));
});

async function bringForward({ address, key }) {
  const pages = await clients.matchAll({ type: "window" });
  const board = pages.find((page) => new URL(page.url).pathname.startsWith("/board")) ?? pages[0];
  if (!board) return clients.openWindow(address);
  board.postMessage({ open: key });
  return board.focus();
}
