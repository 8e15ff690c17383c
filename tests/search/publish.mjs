// node publish.mjs FOLDER NEXT QUERY...: answers of an engine that was opened on FOLDER's files
// and met NEXT's when it was asked.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, next, ...queries] = process.argv.slice(2);
let current = folder;

async function fetch(url) {
  const name = String(url).split("/").at(-1);
  try {
    return new Response(await readFile(`${current}/${name}`));
  } catch {
    return new Response("", { status: 404 });
  }
}

const base = pathToFileURL(`${folder}/`);
const { open } = await import(new URL("engine.js", base));
const engine = await open(base, { fetch });
current = next;
const answers = [];
for (const query of queries) answers.push(await engine.search(query));
console.log(JSON.stringify(answers));
