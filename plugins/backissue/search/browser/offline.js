// The search page without a network: a service worker, for sites that ask for one.
//
// It keeps the page and all that a search has read in a cache that is named by the hash of the
// manifest: what another publish brings goes into another cache, and the old one is dropped.
// The page, its files and the manifest are asked of the network first; files that never change
// are not asked for twice.

const PREFIX = `backissue ${self.registration.scope} `;
const NEXT = `${PREFIX}next`; // what came before the manifest that it belongs to
const LASTING = /\/[a-z]-[0-9a-f]{16}\.bin$/;
const MANIFEST = new URL("manifest.json", self.registration.scope).href;
let turn = Promise.resolve();

/** Do one thing after the other, so that no two change the caches at once. */
function inTurn(act) {
  turn = turn.then(act, act);
  return turn;
}

/** Return the address under which an answer is kept: of a page all queries are one. */
function keyOf(request) {
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate") url.search = "";
  const range = request.headers.get("Range");
  if (range && url.href !== MANIFEST) url.searchParams.set("range", range);
  return url.href;
}

/** Return the name of the cache in use, or undefined. */
async function current() {
  const names = await caches.keys();
  return names.find((name) => name.startsWith(PREFIX) && name !== NEXT);
}

/** A cache keeps no partial answer: its status is kept beside it. */
async function keep(name, key, response) {
  const headers = new Headers(response.headers);
  headers.set("X-Kept-Status", String(response.status));
  headers.delete("Content-Encoding"); // what is kept is unpacked
  await (await caches.open(name)).put(key, new Response(await response.blob(), { headers }));
}

async function kept(key) {
  const name = await current();
  const found = name && (await (await caches.open(name)).match(key));
  if (!found) return null;
  const status = Number(found.headers.get("X-Kept-Status"));
  return new Response(await found.blob(), { status, headers: found.headers });
}

/** Return the name of the cache for a manifest: its parts may have come apart. */
async function cacheOf(response) {
  const text = (await response.text())
    .replace(/(?:\r\n)?--[^\r\n]*--(?:\r\n)?$/, "")
    .replace(/(?:\r\n)?--[^\r\n]*\r\n(?:[\w-]+:[^\r\n]*\r\n)*\r\n/g, "");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return PREFIX + Array.from(new Uint8Array(hash).slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A manifest has come: its cache is the one in use, with all that came before it. */
async function settle(response) {
  const name = await cacheOf(response.clone());
  await keep(name, MANIFEST, response);
  const next = await caches.open(NEXT);
  const cache = await caches.open(name);
  for (const request of await next.keys()) await cache.put(request, await next.match(request));
  for (const old of await caches.keys()) {
    if (old.startsWith(PREFIX) && old !== name) await caches.delete(old);
  }
}

async function store(key, response) {
  if (key === MANIFEST) return settle(response);
  const lasting = LASTING.test(new URL(key).pathname);
  return keep((lasting && (await current())) || NEXT, key, response);
}

async function answer(event) {
  const key = keyOf(event.request);
  const lasting = LASTING.test(new URL(key).pathname);
  const known = lasting ? await kept(key) : null;
  if (known) return known;
  try {
    const response = await fetch(event.request);
    if (response.ok && response.type === "basic" && (response.status === 200 || event.request.headers.has("Range"))) {
      const copy = response.clone();
      event.waitUntil(inTurn(() => store(key, copy)));
    }
    return response;
  } catch (error) {
    const old = await kept(key);
    if (!old) throw error;
    return old;
  }
}

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== location.origin) return;
  event.respondWith(answer(event));
});

/** Keep what a page that was there before is made of, as far as the network gives it. */
async function adopt({ source, data }) {
  try {
    await self.clients.claim(); // so that what the page asks for next comes by here
    for (const address of data.keep) {
      const response = await fetch(address);
      if (response.ok) await keep(NEXT, address, response);
    }
  } finally {
    source.postMessage({ kept: true }); // the page waits for it
  }
}
addEventListener("message", (event) => event.waitUntil(inTurn(() => adopt(event))));
