// node modules.mjs MODULE FUNCTION ARGUMENTS: a function of the engine over many arguments.
import { readFileSync } from "node:fs";

const [module, name, given] = process.argv.slice(2);
const folder = new URL("../../plugins/backissue/search/browser/", import.meta.url);
const { [name]: run } = await import(new URL(module, folder));
const inputs = JSON.parse(given.startsWith("@") ? readFileSync(given.slice(1), "utf8") : given);
const plain = (value) => (value?.next ? [...value] : value);
console.log(JSON.stringify(inputs.map((input) => plain(run(input)))));
