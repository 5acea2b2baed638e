// Pages that Vite and Next.js make of the generated files, in Chromium: `node pages.mjs <chat program> [arguments]`, after
// tests/programs/typescript_platforms.rs has written the files.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { createServer, request as ask } from "node:http";
import { connect } from "node:net";
import { resolve } from "node:path";

import { chromium } from "playwright-core";

import { findBrowser, FLAGS } from "../../browser/browser.mjs";
import { startServer, step, summary } from "../support.mjs";

/** Runs a program of a package; resolves with what it printed, once it has ended or has printed what is waited for. */
function run(program, args, folder, awaited) {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NO_COLOR: "1" };
  const child = spawn(process.execPath, [resolve("node_modules", program), ...args], { cwd: resolve(folder), env });
  process.on("exit", () => child.kill("SIGKILL"));
  let printed = "";
  return new Promise((done, failed) => {
    const hear = (data) => {
      printed += data;
      if (awaited?.test(printed)) done({ child, printed });
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", failed);
    child.once("close", (code) => (code === 0 ? done({ child, printed }) : failed(new Error(`${program} ended with ${code}:\n${printed}`))));
  });
}

const chat = await startServer(process.argv.slice(2));

/** Puts the chat and pages behind one address, as a proxy does: a page may speak to servers of its own origin. */
async function front(answer) {
  const http = createServer(answer).listen(0, "127.0.0.1");
  http.on("upgrade", (request, raw, head) => {
    const upstream = connect(chat.port, "127.0.0.1", () => {
      const headers = request.rawHeaders.flatMap((one, n, all) => (n % 2 ? [] : [`${one}: ${all[n + 1]}`]));
      upstream.write([`GET ${request.url} HTTP/1.1`, ...headers, "", ""].join("\r\n"));
      upstream.write(head);
      raw.pipe(upstream).pipe(raw);
    });
    for (const [one, other] of [[raw, upstream], [upstream, raw]]) one.on("error", () => other.destroy());
  });
  await new Promise((listening) => http.once("listening", listening));
  return { url: `http://127.0.0.1:${http.address().port}/`, close: () => (http.close(), http.closeAllConnections()) };
}

const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
const page = await (await browser.newContext()).newPage();
page.setDefaultTimeout(60_000);
const faults = [];
page.on("pageerror", (error) => faults.push(String(error)));
page.on("console", (message) => message.type() === "error" && faults.push(message.text()));

try {
  await step("Vite: a page that calls, and is told what is wrong", async () => {
    await run("vite/bin/vite.js", ["build", "--outDir", resolve("generated/vite"), "--emptyOutDir", "--base", "./"], "vite");
    const types = { js: "text/javascript", html: "text/html" };
    const { url, close } = await front((request, response) => {
      const path = new URL(request.url, "http://127.0.0.1").pathname;
      const file = path === "/" ? "index.html" : path.slice(1);
      response.setHeader("content-type", types[file.split(".").at(-1)] ?? "text/plain");
      createReadStream(resolve("generated/vite", file)).on("error", () => response.writeHead(204).end()).pipe(response);
    });
    await page.goto(url);
    await page.locator("output", { hasText: "INVALID_PAYLOAD" }).waitFor();
    assert.deepEqual(faults, []);
    await page.goto("about:blank");
    close();
  });

  await step("Next.js: rendered on the server without a connection, hydrated without a complaint, then connected", async () => {
    await run("next/dist/bin/next", ["build"], "next");
    const { child, printed } = await run("next/dist/bin/next", ["start", "-H", "127.0.0.1", "-p", "0"], "next", /http:\/\/127\.0\.0\.1:[1-9]\d*[\s\S]*Ready/);
    const { port } = new URL(/http:\/\/127\.0\.0\.1:\d+/.exec(printed)[0]);
    const { url, close } = await front((request, response) => {
      const { url: path, headers } = request;
      ask({ port, host: "127.0.0.1", path, headers }, (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      }).end();
    });
    assert.match(await (await fetch(url)).text(), /<p>status: connecting<\/p>/);
    await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
    await page.goto(url);
    await page.locator("p", { hasText: "status: open" }).waitFor();
    await page.getByRole("button", { name: "Say hello" }).click();
    await page.locator("output", { hasText: "Hello" }).waitFor();
    assert.deepEqual(faults, []);
    close();
    const ended = new Promise((done) => child.once("close", done));
    child.kill("SIGKILL");
    await ended;
  });
} finally {
  await browser.close();
}
await chat.stop("SIGTERM");
console.log(summary());
