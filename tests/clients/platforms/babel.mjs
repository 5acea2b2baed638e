// The generated files as Babel 7 and React Native's preset make them, which is how Expo, React Native and babel-jest do, and a call with
// each: `node babel.mjs` with Node 22, after tests/programs/typescript_platforms.rs has written the files.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

import babel from "@babel/core";

import { FakeServer, reply, step, summary } from "../support.mjs";

const require = createRequire(import.meta.url);
const server = await FakeServer.start((server) => (server.answer = (frame, socket) => socket.send(reply(frame, []))));

/** Compiles a file to a CommonJS module of its own, and loads it. */
function load(folder, file, name, presets) {
  const { code } = babel.transformSync(readFileSync(file, "utf8"), { filename: file, presets, babelrc: false, configFile: false });
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, "package.json"), '{"type": "commonjs"}');
  const path = resolve(folder, name);
  writeFileSync(path, code);
  return require(path);
}

async function callWith({ createZocketClient, ZocketError, isZocketError }, url = `${server.url}?tenant=7`) {
  const client = createZocketClient(url, { headers: { "user-name": "Ann & Bob" } });
  assert.deepEqual(await client.room.list(), []);
  const { searchParams, pathname } = server.socket.asked;
  assert.deepEqual([pathname, searchParams.get("tenant"), searchParams.get("user-name")], ["/ws", "7", "Ann & Bob"]);
  client.close();
  const error = await client.room.list().catch((error) => error);
  assert.ok(isZocketError(error) && error instanceof ZocketError && error instanceof Error);
  // What an error does not have, it does not have: no properties that are undefined.
  assert.deepEqual(Object.keys(error).sort(), ["code", "name", "route"]);
}

const files = ["zocket.ts", "zocket.react.ts", "zocket.msgpack.ts"];
const generated = resolve("generated");
const PRESETS = {
  "Babel 7, as babel-jest uses it": [["@babel/preset-env", { targets: { node: "current" } }], "@babel/preset-typescript"],
  "Babel 7, for old browsers": [["@babel/preset-env", { targets: "ie 11" }], "@babel/preset-typescript"],
  "React Native's preset": ["@react-native/babel-preset"],
};
const loaded = {};
for (const [number, [name, presets]] of Object.entries(PRESETS).entries()) {
  await step(name, async () => {
    const folder = resolve("generated/babel", String(number));
    for (const file of files) loaded[file] = load(folder, resolve(generated, file), file.replace(".ts", ".js"), presets);
    assert.equal(typeof loaded["zocket.react.ts"].useCall, "function");
    const { msgpack } = loaded["zocket.msgpack.ts"];
    const written = msgpack.encode({ n: 2n ** 60n });
    assert.deepEqual(msgpack.decode(written.slice().buffer), { n: 2n ** 60n });
    await callWith(loaded["zocket.ts"]);
  });
}

await step("React Native's URL and URLSearchParams, in the place of the platform's", async () => {
  const folder = resolve("generated/babel/url");
  const blob = resolve("node_modules/react-native/Libraries/Blob");
  mkdirSync(folder, { recursive: true });
  writeFileSync(resolve(folder, "NativeBlobModule.js"), "exports.__esModule = true;\nexports.default = null;\n");
  const theirs = {};
  for (const name of ["URLSearchParams", "URL"]) {
    theirs[name] = load(folder, resolve(blob, `${name}.js`), `${name}.js`, ["@react-native/babel-preset"])[name];
  }
  // It is another one: the platform's would be taken apart, and changed.
  assert.throws(() => {
    "use strict";
    new theirs.URL("ws://127.0.0.1/ws").protocol = "wss:";
  }, TypeError);
  const code = readFileSync(resolve("generated/babel/2/zocket.js"), "utf8");
  const client = {};
  new Function("exports", "require", ...Object.keys(theirs), code)(client, require, ...Object.values(theirs));
  await callWith(client);
  await callWith(client, `${server.url.replace("ws:", "http:")}?tenant=7`);
  await callWith(client, new theirs.URL(`${server.url}?tenant=7`));
  assert.throws(() => client.createZocketClient("no url"), TypeError);
});

await server.stop();
console.log(summary());
