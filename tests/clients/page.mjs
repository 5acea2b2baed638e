// What pages do to connections, in Chromium: left and shown again, too many sockets. `node page.mjs`.
import assert from "node:assert/strict";
import { createServer } from "node:http";

import { build } from "esbuild";
import { chromium } from "playwright-core";

import { findBrowser, FLAGS } from "../browser/browser.mjs";
import { FakeServer, reply, step, summary, until } from "./support.mjs";

const server = await FakeServer.start((server) => (server.answer = (frame, socket) => socket.send(reply(frame, frame.payload))));
const { outputFiles: [script] } = await build({
  stdin: { contents: 'export * from "./fixtures/shop.ts";', resolveDir: process.cwd() },
  bundle: true,
  write: false,
  format: "iife",
  globalName: "zocket",
  target: "es2022",
});
const http = createServer((request, response) => {
  response.setHeader("content-type", "text/html");
  response.end(request.url === "/page" ? `<!doctype html><script>${script.text}</script>` : "<!doctype html>another page");
}).listen(0, "127.0.0.1");
await new Promise((listening) => http.once("listening", listening));
const url = `http://127.0.0.1:${http.address().port}`;
const present = () => server.listening.clients.size;

const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: FLAGS,
  // Which playwright turns off, and no user does.
  ignoreDefaultArgs: ["--disable-back-forward-cache"],
});
try {
  const context = await browser.newContext();

  /** A page with a client that tries again after an hour, and a diary of what it is told. */
  const open = async () => {
    const page = await context.newPage();
    await page.goto(`${url}/page`);
    await page.evaluate((url) => {
      globalThis.diary = [];
      globalThis.client = zocket.createZocketClient(url, {
        reconnect: { base: 3_600_000, cap: 3_600_000, random: () => 1 },
        onOpen: () => diary.push("open"),
        onClose: ({ code }) => diary.push(`close ${code}`),
        onError: (error) => diary.push(error.code),
      });
      globalThis.isSame = true;
    }, server.url);
    await page.waitForFunction(() => client.$state.status === "open");
    return page;
  };

  await step("a page that was left is not present: its connection is closed; shown again, it is back at once", async () => {
    const page = await open();
    await until("present", () => present() === 1);
    await page.goto(`${url}/another`);
    await until("not present", () => present() === 0);
    await page.goBack({ waitUntil: "commit" }); // what comes from the cache is not loaded
    assert.ok(await page.evaluate(() => globalThis.isSame), "this is not the page that was left, but a new one");
    await page.waitForFunction(() => client.$state.status === "open");
    assert.equal(present(), 1);
    assert.deepEqual(await page.evaluate(() => diary), ["open", "close 1001", "open"], "without an error");
    assert.equal(await page.evaluate(() => client.echo.any("back")), "back");
    await page.close();
    await until("not present", () => present() === 0);
  });

  await step("a call that waits is sent when the page is shown again; one that was under way has failed", async () => {
    const page = await open();
    server.answer = () => {};
    await page.evaluate(() => {
      globalThis.lost = client.echo.any.try("lost");
      addEventListener("pagehide", () => (globalThis.waits = client.echo.any("waits", { timeout: Infinity })));
    });
    await until("the call", () => server.socket.frames.length === 1);
    server.answer = (frame, socket) => socket.send(reply(frame, frame.payload));
    await page.goto(`${url}/another`);
    await page.goBack({ waitUntil: "commit" }); // what comes from the cache is not loaded
    assert.equal(await page.evaluate(() => waits), "waits");
    assert.equal(await page.evaluate(async () => (await lost).error.code), "CONNECTION_LOST");
    await page.close();
  });

  await step("a page that is closed for good by its client stays so when it is shown again", async () => {
    const page = await open();
    await page.evaluate(() => client.close());
    await page.goto(`${url}/another`);
    await page.goBack({ waitUntil: "commit" }); // what comes from the cache is not loaded
    assert.ok(await page.evaluate(() => globalThis.isSame));
    assert.equal(await page.evaluate(() => client.$state.status), "stopped");
    assert.equal(present(), 0);
    await page.close();
  });

  await step("a page with too many sockets is told that, and not that its connection was lost", async () => {
    const page = await open();
    const error = await page.evaluate(async (url) => {
      const clients = [];
      for (;;) {
        const one = zocket.createZocketClient(url, { heartbeat: 0 });
        clients.push(one);
        await new Promise((settled) => one.$onState(({ status }) => status !== "connecting" && settled()));
        if (one.lastError) return { code: one.lastError.code, message: one.lastError.message, clients: clients.length };
      }
    }, server.url);
    assert.equal(error.code, "NOT_CONNECTED");
    assert.match(error.message, /^could not connect \(1006\): too many connections: this page has 25\d$/);
    await page.close();
  });
} finally {
  await browser.close();
}
http.close();
await server.stop();
console.log(summary());
