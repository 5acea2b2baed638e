// A hundred clients lose their server at the same moment, and come back when it does: `node stampede.mjs <program> [arguments]`
// with Node 22. Prints and checks how their attempts are spread. The server and its sockets are real; the waits pass on the test's
// own clock (clock.mjs), from one timer to the next, so they are the same in every run.
import assert from "node:assert/strict";

import { Clock } from "./clock.mjs";
import { createZocketClient } from "./fixtures/shop.ts";
import { seeded, startServer, step, summary } from "./support.mjs";

const CLIENTS = 100;
const BASE = 1_000;
const WINDOW = 100;
const AWAY = 4_000;

const command = process.argv.slice(2);
let server = await startServer(command);
const clock = new Clock();

/** When each connection was tried. */
const attempts = [];
class Recorder extends WebSocket {
  constructor(...args) {
    attempts.push(clock.now);
    super(...args);
  }
}

const clients = Array.from(
  { length: CLIENTS },
  (_, n) =>
    createZocketClient(`ws://127.0.0.1:${server.port}/ws`, {
      WebSocket: Recorder,
      heartbeat: 0,
      reconnect: { base: BASE, random: seeded(n + 1) },
    }),
);
const are = (...statuses) => clients.every((client) => statuses.includes(client.$state.status));
await clock.until("all open", () => are("open"));
attempts.length = 0;

const killedAt = clock.now;
await step(`${CLIENTS} clients lose their server, and all come back to the next`, async () => {
  await server.stop("SIGKILL");
  await clock.until("all to notice", () => are("closed"));
  // An attempt takes no time: it has failed before the next timer runs.
  while (await clock.next(killedAt + AWAY)) await clock.until("attempts to fail", () => are("closed"));
  server = await startServer(command, server.port);
  while (!are("open")) {
    assert.ok(await clock.next(clock.now + 60_000), "nobody tries any more");
    await clock.until("attempts to be answered", () => are("open", "closed"));
  }
  assert.ok(clients.every((client) => client.lastError === null));
});

const SLOT = 250;
const counts = [];
for (const at of attempts) {
  const slot = Math.floor((at - killedAt) / SLOT);
  counts[slot] = (counts[slot] ?? 0) + 1;
}
console.log(`  attempts in each ${SLOT} ms since the server was killed; it was back after ${AWAY} ms`);
for (const [slot, count = 0] of Array.from(counts).entries()) {
  if (count === 0) continue;
  console.log(`  ${String(slot * SLOT).padStart(6)} ms ${String(count).padStart(3)} ${"#".repeat(count)}`);
}

await step("the attempts are spread: there is no stampede at the loss, nor at the return", () => {
  // The busiest stretch of 100 ms, wherever it begins. Spread over the first second, the first attempts alone are 10 in each on
  // average; the seeds make what chance adds the same in every run.
  const sorted = attempts.toSorted((a, b) => a - b);
  let busiest = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    while (sorted[last] - sorted[first] >= WINDOW) first++;
    busiest = Math.max(busiest, last - first + 1);
  }
  console.log(`  ${attempts.length} attempts, at most ${busiest} within ${WINDOW} ms`);
  assert.ok(busiest <= 30, `${busiest} attempts within ${WINDOW} ms`);
});

await step("nobody hammers a server that is away: the waits grow", () => {
  const early = attempts.filter((at) => at - killedAt < 1_000).length;
  const late = attempts.filter((at) => at - killedAt >= 3_000 && at - killedAt < AWAY).length;
  console.log(`  ${early} attempts in the first second, ${late} in the fourth`);
  assert.ok(early >= CLIENTS && late < early / 2);
});

for (const client of clients) client.close();
clock.restore();
await server.stop("SIGTERM");
console.log(summary());
