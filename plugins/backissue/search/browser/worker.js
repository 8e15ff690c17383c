// The engine in a thread of its own, so that typing never waits for a search.
// It takes {id, method, given} and answers {id, value} or {id, error}.

import { open } from "./engine.js";

let engine = null;

async function answer({ method, given }) {
  engine ??= open(new URL("./", import.meta.url));
  const ready = await engine;
  return method === "ready" ? true : ready[method](...given);
}

addEventListener("message", async ({ data }) => {
  try {
    postMessage({ id: data.id, value: await answer(data) });
  } catch (error) {
    engine = null;
    postMessage({ id: data.id, error: String(error) });
  }
});
