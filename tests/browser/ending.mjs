// How connections end for a page, while its server sends without a pause and every byte takes 25 ms to arrive:
// `node ending.mjs <url of the page> <number of servers to drain>`. tests/programs/ending.rs runs it.
import assert from "node:assert/strict";

import { chromium } from "playwright-core";

import { FLAGS, findBrowser } from "./browser.mjs";
import { step, summary } from "./server.mjs";

const [url, servers] = process.argv.slice(2);
const KICKS = 30;
const browser = await chromium.launch({ executablePath: findBrowser(), args: FLAGS });
try {
  const page = await browser.newPage();
  await page.goto(url);
  // Runs in the page: connects, listens for a while, does something, and tells how it ended.
  await page.evaluate(() => {
    globalThis.ending = (path, act) =>
      new Promise((resolve) => {
        const socket = new WebSocket(new URL(path, location.href.replace("http", "ws")));
        const notes = [];
        socket.onmessage = ({ data }) => {
          const { type, payload } = JSON.parse(data);
          if (type === "note" && notes.push(payload.n) === 20) act(socket);
        };
        socket.onclose = ({ code, reason, wasClean }) =>
          resolve({ code, reason, wasClean, last: notes.filter((n) => n < 1_000_000) });
      });
    globalThis.kick = (socket) => socket.send('{"type":"kick_me"}');
  });

  await step(`a handler that disconnects with 4001: ${KICKS} of ${KICKS} pages see it, and what was sent before`, async () => {
    const ends = await page.evaluate(
      (kicks) => Promise.all(Array.from({ length: kicks }, () => ending("/ws/0", kick))),
      KICKS,
    );
    assert.deepEqual(ends, Array(KICKS).fill({ code: 4001, reason: "enough", wasClean: true, last: [1, 2, 3, 4, 5] }));
  });
  await step("the same where the page closes at the same time: the application's code", async () => {
    const both = (kicks) =>
      Promise.all(
        Array.from({ length: kicks }, () =>
          ending("/ws/0", (socket) => {
            kick(socket);
            socket.close(1000);
          }),
        ),
      );
    for (const { code, wasClean } of await page.evaluate(both, 10)) assert.deepEqual([code, wasClean], [4001, true]);
  });
  await step(`${servers} drains: 1012`, async () => {
    const ends = await page.evaluate(
      (servers) =>
        Promise.all(
          Array.from({ length: servers }, async (_, n) => {
            let drained;
            const end = await ending(`/ws/${n + 1}`, () => (drained = fetch(`/drain/${n + 1}`)));
            return { ...end, cutOff: await (await drained).text() };
          }),
        ),
      Number(servers),
    );
    const clean = { code: 1012, reason: "the server is restarting", wasClean: true, last: [], cutOff: "0" };
    assert.deepEqual(ends, Array(Number(servers)).fill(clean));
  });
} finally {
  await browser.close();
}
console.log(summary());
