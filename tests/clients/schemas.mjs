// Gets the schemas of a running server as the author of an ajv client would: through the index, each separately.
//
//   node schemas.mjs <URL of the index> <file of values: [[schema, value], …]>
//
// Compiles every schema in ajv's strict mode, and prints as JSON what each of the values is under its schema: true or
// false.
import { readFile } from "node:fs/promises";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const [index, values] = process.argv.slice(2);
const base = index.endsWith("/") ? index : `${index}/`;

async function get(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const ajv = addFormats(
  new Ajv2020({
    strict: true,
    // `type: ["integer", "null"]` is how schemars writes an optional number.
    allowUnionTypes: true,
    strictRequired: true,
    strictTypes: true,
  }),
);
ajv.addVocabulary(["x-unit"]);

const contents = await get(index);
const meta = ajv.compile(await get(new URL(contents.contract, base)));
const addresses = [];
if (contents.headers) addresses.push(contents.headers);
for (const { payload, reply, event, errors } of contents.routes) {
  addresses.push(...[payload, reply, event, ...Object.values(errors ?? {})].filter((address) => address !== undefined));
}
const schemas = new Map();
for (const address of addresses) {
  const schema = await get(new URL(address, base));
  schemas.set(decodeURI(address), ajv.compile(schema));
}
const verdicts = JSON.parse(await readFile(values, "utf8")).map(([name, value]) => schemas.get(name)(value));
const contract = await get(new URL("../contract.json", base));
console.log(JSON.stringify({ schemas: [...schemas.keys()].sort(), verdicts, contract: meta(contract) }));
