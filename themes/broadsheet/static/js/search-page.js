// The search page's face: results as you type over the engine beside the index.
// Everything shown is made of text nodes; nothing here writes HTML.

const PAGE = 10;
const PAUSE = 120; // milliseconds without a key before a search
const FILTERS = ["topic", "month"];
const box = document.getElementById("search");
const words = box.dataset;
const field = box.querySelector("#q");
const sort = box.querySelector("#q-sort");
const status = box.querySelector(".search-status");
const suggestion = box.querySelector(".search-suggestion");
const limits = box.querySelector(".search-limits");
const found = box.querySelector(".search-found");
const list = box.querySelector(".search-hits");
const more = box.querySelector(".search-more");
const related = box.querySelector(".search-related");
const nothing = box.querySelector(".search-nothing");
const state = { q: "", topic: "", month: "", sort: "relevance", shown: 0 };
let engine = null;
let turn = 0;
let timer = 0;
let kept = false; // whether the page's place in the history is one to come back to

/** Return the engine in a worker: promises of what its methods return. */
function inWorker() {
  const worker = new Worker(new URL("../../search/worker.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.addEventListener("message", ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve(value);
  });
  worker.addEventListener("error", () => {
    for (const { reject } of waiting.values()) reject(new Error("no worker"));
    waiting.clear();
  });
  const call = (method) => (...given) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, { resolve, reject });
    worker.postMessage({ id: last, method, given });
  });
  return { ready: call("ready"), search: call("search"), topics: call("topics"), related: call("related"), end: () => worker.terminate() };
}

/** Let the site's search be kept for when there is no network, where the site asks for that. */
async function prepared() {
  if (!("offline" in words) || !navigator.serviceWorker) return;
  const { serviceWorker } = navigator;
  const before = serviceWorker.controller; // a worker that starts now may take over while we wait
  await serviceWorker.register(new URL("../../search/offline.js", import.meta.url));
  const { active } = await serviceWorker.ready;
  if (before) return;
  // It came after the page: what the page is made of must be named.
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  const done = new Promise((resolve) => serviceWorker.addEventListener("message", resolve, { once: true }));
  const page = location.href.replace(/[?#].*$/, "");
  active.postMessage({ keep: [page, ...files.filter((name) => /\.(?:css|js|svg|png|woff2)$/.test(name))] });
  await done;
}

/** Open the index: in a worker, or where a browser has no workers that are modules, here. */
async function opened() {
  await prepared().catch(() => {}); // without it all works but for a network
  const worker = inWorker();
  try {
    await worker.ready();
    return worker;
  } catch {
    worker.end();
    const { open } = await import("../../search/engine.js");
    return open(new URL("../../search/", import.meta.url));
  }
}

const fill = (text, values) => text.replace(/\{(\w)\}/g, (_, name) => values[name] ?? "");
const monthName = new Intl.DateTimeFormat(words.locale, { year: "numeric", month: "long", timeZone: "UTC" });
const monthText = (key) => monthName.format(new Date(`${key}-01T00:00:00Z`));
const dayName = new Intl.DateTimeFormat(words.locale, { year: "numeric", month: "long", day: "numeric", timeZone: "UTC" });
const dayText = (date) => dayName.format(new Date(`${date.slice(0, 10)}T00:00:00Z`));
/** Return the date of a hit as the site's other pages write it. */
const dateOf = ({ date, dateText }) => {
  if (words.locale.startsWith("en")) return dateText;
  return date.length > 7 ? dayText(date) : monthText(date);
};
const number = new Intl.NumberFormat(words.locale);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
const plain = (html) => html.replace(/&(?:lt|gt|quot|#x27|amp);/g, (entity) => ENTITIES[entity]);

/** Return the nodes of a snippet, whose only element is <mark>. */
function marked(html) {
  return html.split(/<mark>(.*?)<\/mark>/).map((part, at) =>
    at % 2 ? element("mark", {}, plain(part)) : document.createTextNode(plain(part)));
}

function item(hit) {
  const link = element("a", { href: words.site + hit.url, class: "search-hit" }, hit.title);
  const foreign = hit.lang && hit.lang !== words.locale ? { lang: hit.lang } : {};
  return element("li", {}, element("article", {},
    element("h3", foreign, link),
    element("p", { class: "when" }, element("time", { datetime: hit.date }, dateOf(hit))),
    element("p", { class: "excerpt", ...foreign }, ...marked(hit.snippet)),
    element("p", { class: "like" }, element("a", {
      href: `?${new URLSearchParams({ q: hit.like })}`, "aria-label": `${words.like}: ${hit.title}`,
    }, words.like)),
  ));
}

function facet(kind, entries, nameOf, keyOf) {
  const target = box.querySelector(`[data-facet=${kind}]`);
  target.closest("section").hidden = entries.length === 0;
  target.replaceChildren(...entries.map((entry) => {
    const key = keyOf(entry);
    const button = element("button", { type: "button", "aria-pressed": String(state[kind] === key) },
      element("span", {}, nameOf(entry)), element("span", { class: "n" }, number.format(entry.count)));
    button.addEventListener("click", () => narrow(kind, state[kind] === key ? "" : key, nameOf(entry)));
    return element("li", {}, button);
  }));
}

const names = new Map();

function narrow(kind, key, name = key) {
  names.set(`${kind}:${key}`, name);
  state[kind] = key;
  run(true);
}

function showLimits() {
  const active = FILTERS.filter((kind) => state[kind]);
  limits.hidden = active.length === 0;
  limits.replaceChildren(...active.map((kind) => {
    const key = state[kind];
    const name = names.get(`${kind}:${key}`) ?? (kind === "month" ? monthText(key) : key);
    const label = fill(words.remove, { x: name });
    const button = element("button", { type: "button", "aria-label": label }, `${name} ×`);
    button.addEventListener("click", () => narrow(kind, ""));
    return element("li", {}, button);
  }));
}

function show(result, append) {
  const { total, hits } = result;
  const limited = FILTERS.some((kind) => state[kind]);
  const count = { n: number.format(total), q: state.q };
  if (total === 0) status.textContent = fill(limited ? words.noneFiltered : words.none, count);
  else if (result.whole === 0) status.textContent = fill(words.none1, count);
  else if (result.whole < total) status.textContent = fill(words.some, { ...count, w: number.format(result.whole) });
  else status.textContent = total === 1 ? words.one : fill(words.many, count);
  suggestion.hidden = !result.suggestion;
  if (result.suggestion) {
    const link = suggestion.querySelector("a");
    link.textContent = result.suggestion;
    link.href = `?${new URLSearchParams({ q: result.suggestion })}`;
  }
  showLimits();
  found.hidden = total === 0;
  nothing.hidden = total > 0;
  if (append) list.append(...hits.map(item));
  else list.replaceChildren(...hits.map(item));
  state.shown = append ? state.shown + hits.length : hits.length;
  more.hidden = state.shown >= total;
  facet("month", result.facets.months, (entry) => monthText(entry.key), (entry) => entry.key);
}

function showTopics(topics) {
  for (const { slug, name } of topics) names.set(`topic:${slug}`, name);
  facet("topic", topics, (entry) => entry.name, (entry) => entry.slug);
  showLimits();
}

function showRelated(searches) {
  related.hidden = searches.length === 0;
  related.querySelector("ul").replaceChildren(...searches.map((name) =>
    element("li", {}, element("a", { href: `?${new URLSearchParams({ q: name })}` }, name))));
}

function clear() {
  status.textContent = "";
  for (const part of [found, nothing, related, suggestion, limits]) part.hidden = true;
}

function address() {
  const parameters = new URLSearchParams();
  if (state.q) parameters.set("q", state.q);
  for (const kind of FILTERS) if (state[kind]) parameters.set(kind, state[kind]);
  if (state.sort === "date") parameters.set("sort", "date");
  const query = parameters.toString();
  return query ? `?${query}` : location.pathname;
}

/** Search for what the page asks; `keep` makes it a step to come back to. */
async function run(keep = false, append = false) {
  turn += 1;
  const mine = turn;
  clearTimeout(timer);
  state.q = field.value.trim();
  const changed = address() !== (location.search || location.pathname);
  // What is typed takes the place of what was typed before, not of a search that was asked for.
  if (changed) history[keep || kept ? "pushState" : "replaceState"](null, "", address());
  kept = keep || (kept && !changed);
  if (!state.q && !FILTERS.some((kind) => state[kind])) return clear();
  if (!status.textContent) status.textContent = engine ? words.searching : words.loading;
  try {
    engine ??= opened();
    const ready = await engine;
    const { q, topic, month, sort: order } = state;
    const options = { facets: false, limit: PAGE, offset: append ? state.shown : 0, sort: order, topic, month };
    const result = await ready.search(q, { ...options, typing: document.activeElement === field && !keep });
    if (mine !== turn) return undefined;
    show(result, append);
    if (!append) {
      // Topics are read once the articles are shown.
      const [topics, next] = [await ready.topics(), await ready.related()];
      if (mine === turn) showTopics(topics);
      if (mine === turn) showRelated(next);
    }
  } catch (error) {
    engine = null;
    if (mine === turn) status.textContent = words.failed;
    throw error;
  }
  return undefined;
}

function fromAddress() {
  const parameters = new URLSearchParams(location.search);
  field.value = parameters.get("q") ?? "";
  for (const kind of FILTERS) state[kind] = parameters.get(kind) ?? "";
  state.sort = parameters.get("sort") === "date" ? "date" : "relevance";
  sort.value = state.sort;
  kept = false; // an address in another form is put right in its place
  run();
  kept = location.search !== "";
}

function move(step) {
  const links = [...list.querySelectorAll(".search-hit")];
  const at = links.indexOf(document.activeElement);
  if (at + step < 0) field.focus();
  else links[Math.min(at + step, links.length - 1)]?.focus();
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(run, PAUSE);
});
field.addEventListener("focus", () => {
  engine ??= opened();
  engine.catch(() => { engine = null; });
}, { once: true });
box.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run(true);
});
sort.addEventListener("change", () => {
  state.sort = sort.value;
  run(true);
});
more.addEventListener("click", () => run(false, true));
addEventListener("popstate", fromAddress);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const inField = event.target === field;
  const inList = event.target.classList?.contains("search-hit");
  if (event.key === "/" && !inField && !event.target.closest?.("input,select,textarea")) field.focus();
  else if (event.key === "ArrowDown" && (inField || inList)) move(1);
  else if (event.key === "ArrowUp" && inList) move(-1);
  else if (event.key === "Escape" && inList) field.focus();
  else return;
  event.preventDefault();
});
fromAddress();
