// The page that was not found searches for the words of the address that led to it.
// Everything shown is made of text nodes; nothing here writes HTML.

import { open } from "../../search/engine.js";

const SHOWN = 5;
const box = document.querySelector(".lost");
const root = new URL("../../", import.meta.url);

/** Return the words of an address: of its last part that has any, without dates and endings. */
function wordsOf(path) {
  const parts = path.split("/").map((part) => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part; // a stray % is no code
    }
  });
  const words = parts.map((part) => part
    .replace(/\.\w{2,5}$/, "")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => /\p{L}/u.test(word) && word !== "index"));
  return (words.filter((some) => some.length).at(-1) ?? []).join(" ").slice(0, 200);
}

const query = wordsOf(location.pathname.slice(root.pathname.length));
if (query) {
  document.getElementById("lost").value = query;
  const engine = await open(new URL("search/", root));
  const { hits } = await engine.search(query, { limit: SHOWN, facets: false });
  box.querySelector("ul").append(...hits.slice(0, SHOWN).map((hit) => {
    const link = document.createElement("a");
    link.href = new URL(hit.url, root);
    link.textContent = hit.title;
    if (hit.lang) link.lang = hit.lang;
    const entry = document.createElement("li");
    entry.append(link);
    return entry;
  }));
  box.hidden = hits.length === 0;
}
