// The search page in a theme made for any Pelican site: what `?q=` finds, as a plain list.
// Everything shown is made of text nodes; nothing here writes HTML.

import { open } from "./engine.js";

const query = new URLSearchParams(location.search).get("q") ?? "";
const status = document.querySelector("[role=status]");
const list = document.getElementById("found");
const root = new URL("../", import.meta.url);

if (query.trim()) {
  document.querySelector("[name=q]").value = query;
  const engine = await open(new URL("./", import.meta.url));
  const { hits, total } = await engine.search(query, { limit: 40, facets: false });
  list.append(...hits.map((hit) => {
    const link = document.createElement("a");
    link.href = new URL(hit.url, root);
    link.textContent = hit.title;
    if (hit.lang) link.lang = hit.lang;
    const item = document.createElement("li");
    item.append(link, ` ${hit.dateText}`);
    return item;
  }));
  status.textContent = String(total);
}
