// node engine.mjs FOLDER QUERIES [RANGES]: answers of the exported engine, as JSON.
// RANGES is how the pretended host serves ranges: "multi", "single" or "none".
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [folder, queries, ranges = "multi"] = process.argv.slice(2);
const log = [];

function parts(range, bytes) {
  return range.slice("bytes=".length).split(",").map((part) => {
    const [start, last] = part.split("-").map(Number);
    const end = Math.min(last, bytes.length - 1);
    return { start, end, bytes: bytes.subarray(start, end + 1) };
  });
}

async function fetch(url, { headers = {} } = {}) {
  const bytes = await readFile(new URL(url));
  const wanted = headers.Range ? parts(headers.Range, bytes) : [];
  log.push({ name: String(url).split("/").at(-1), ranges: wanted.length });
  if (!wanted.length || ranges === "none") return new Response(bytes);
  const total = bytes.length;
  if (wanted.length === 1 || ranges === "single") {
    const [{ start, end, bytes: body }] = wanted;
    return new Response(body, { status: 206, headers: { "Content-Range": `bytes ${start}-${end}/${total}` } });
  }
  const body = wanted.flatMap(({ start, end, bytes: part }) => [
    `--B\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes ${start}-${end}/${total}\r\n\r\n`,
    part, "\r\n",
  ]);
  return new Response(new Blob([...body, "--B--\r\n"]), {
    status: 206, headers: { "Content-Type": "multipart/byteranges; boundary=B" },
  });
}

const base = pathToFileURL(`${folder}/`);
const { open } = await import(new URL("engine.js", base));
const engine = await open(base, { fetch });
const answers = [];
for (const query of JSON.parse(queries)) {
  const [text, options] = Array.isArray(query) ? query : [query, {}];
  answers.push(await engine.search(text, options));
}
console.log(JSON.stringify({ answers, log }));
