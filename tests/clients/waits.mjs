// What a client does after which delay: `node waits.mjs` with Node 22. Heartbeats and reconnecting. Time passes only when told to
// (clock.mjs), so the delays are a user's real ones, and exact.
import assert from "node:assert/strict";
import { createServer } from "node:net";

import ws from "ws";

import { onOwnClock } from "./clock.mjs";
import { diarist as anyDiarist, echo, isOpen } from "./diarist.mjs";
import { FakeServer, rejection, step, summary, until } from "./support.mjs";

/** The defaults of a client. */
const HEARTBEAT = 30_000;
const PATIENCE = 10_000;
/** Until a diarist tries again. */
const SOON = 20;
const diarist = (url, options) => anyDiarist(url, { reconnect: { base: SOON, cap: SOON, random: () => 1 }, ...options });

/** A step with a server that echoes, a client with these options, and a clock. The client has heard all that was sent before once
 * `settled()`. */
const stepWith = (name, options, body) =>
  step(name, () =>
    onOwnClock(async (clock) => {
      const server = await FakeServer.start((server) => (server.answer = echo));
      const { client, diary } = diarist(server.url, options);
      const settled = () => client.echo.any("settled", { timeout: Infinity });
      try {
        await body({ clock, server, client, diary, settled });
      } finally {
        client.close();
        await server.stop();
      }
    }));

await stepWith("a quiet connection is asked for a sign of life; one that answers stays", {}, async (all) => {
  const { clock, server, client, diary, settled } = all;
  await isOpen(client);
  for (let pings = 2; pings <= 6; pings++) {
    await clock.pass(HEARTBEAT);
    await until("a ping", () => server.pings === pings);
    await settled();
  }
  assert.deepEqual([diary, server.connections.length], [["open"], 1]);
});

await stepWith("a busy connection is not asked", {}, async ({ clock, server, client }) => {
  let heard = 0;
  client.on.stock.length(() => heard++);
  await isOpen(client);
  for (let n = 1; n <= 20; n++) {
    await clock.pass(HEARTBEAT - 1);
    server.send({ type: "stock.length", payload: n });
    await until("the event", () => heard === n);
  }
  assert.equal(server.pings, 1, "one is what every connection begins with");
});

await stepWith("a dead one is noticed, said to be, and replaced", {}, async ({ clock, server, client, diary }) => {
  await isOpen(client);
  const call = rejection(client.ping(undefined, { timeout: Infinity }));
  server.socket._socket.pause(); // not even the close frame is read: the peer is gone without a trace
  await clock.pass(HEARTBEAT + PATIENCE - 1);
  assert.deepEqual(diary, ["open"]);
  await clock.pass(1);
  assert.equal((await call).code, "CONNECTION_LOST");
  await clock.pass(SOON);
  await until("another", () => server.connections.length === 2);
  await isOpen(client);
  assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST", "open"]);
});

await step("a server that takes the connection and says nothing is not open, and is left", () =>
  onOwnClock(async (clock) => {
    const server = await FakeServer.start((server) => (server.pong = () => {}));
    const { client, diary } = diarist(server.url);
    for (let attempt = 1; attempt <= 3; attempt++) {
      await until("an attempt", () => server.connections.length === attempt);
      await clock.pass(PATIENCE - 1);
      assert.equal(client.$state.status, "connecting");
      await clock.pass(1);
      assert.equal(client.$state.status, "closed");
      assert.equal(client.lastError.message, `the server said nothing for ${PATIENCE} ms`);
      await clock.pass(SOON);
    }
    assert.ok(!diary.includes("open"));
    client.close();
    await server.stop();
  }));

await step("one that never answers the handshake is left too", () =>
  onOwnClock(async (clock) => {
    const sockets = [];
    const silent = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
    await until("listening", () => silent.listening);
    let attempts = 0;
    // Of sockets, the platform opens some more by itself.
    class Counted extends WebSocket {
      constructor(...args) {
        super(...args);
        attempts += 1;
      }
    }
    const url = `ws://127.0.0.1:${silent.address().port}/ws`;
    const { client } = diarist(url, { patience: 60, WebSocket: Counted });
    for (let attempt = 1; attempt <= 3; attempt++) {
      assert.equal(attempts, attempt);
      await until("a connection", () => sockets.length > 0);
      await clock.pass(60);
      assert.equal(client.lastError.message, "the server said nothing for 60 ms");
      await clock.pass(SOON);
    }
    client.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  }));

await stepWith("an older server, which does not know pings, is alive when it says so", {}, async (all) => {
  const { clock, server, client, diary, settled } = all;
  const error = { code: "UNKNOWN_ROUTE", message: "no such route" };
  server.pong = (socket) => socket.send(JSON.stringify({ type: "__rpc_err", route: "__ping", error }));
  await isOpen(client);
  for (let pings = 2; pings <= 4; pings++) {
    await clock.pass(HEARTBEAT);
    await until("a ping", () => server.pings === pings);
    await settled();
  }
  assert.deepEqual(diary, ["open"]);
});

await stepWith("a machine that slept asks once more before it gives a connection up", {}, async (all) => {
  const { clock, server, client, diary, settled } = all;
  await isOpen(client);
  const { pong } = server;
  server.pong = () => {};
  await clock.pass(HEARTBEAT);
  await until("the question", () => server.pings === 2);
  await clock.stall(PATIENCE + 3_600_000);
  await until("the question again", () => server.pings === 3);
  assert.deepEqual(diary, ["open"], "the answer may lie here, not yet read");
  pong(server.socket);
  await settled();

  await clock.pass(HEARTBEAT);
  await until("the question", () => server.pings === 4);
  await clock.stall(PATIENCE + 3_600_000);
  await clock.pass(PATIENCE);
  assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST"], "asked twice, and nothing came");
});

await stepWith("heartbeat: 0 asks never", { heartbeat: 0 }, async ({ clock, server, client, settled }) => {
  await isOpen(client);
  await clock.pass(3_600_000);
  await settled();
  assert.deepEqual([server.pings, server.connections.length], [1, 1]);
});

await step(
  "the wait doubles up to its cap, is random below that, and begins anew after a connection that lasted",
  () =>
    onOwnClock(async (clock) => {
      const server = await FakeServer.start();
      const { url } = server;
      await server.stop();
      const { client } = diarist(url, { reconnect: { base: 1_000, cap: 5_000, stable: 10_000, random: () => 0.5 } });
      const waits = async (...expected) => {
        for (const wait of expected) {
          await clock.until("the next wait", () => client.$state.status === "closed");
          assert.equal(client.$state.retryAt - clock.now, wait);
          await clock.pass(wait);
        }
      };
      await waits(500, 1_000, 2_000, 2_500, 2_500, 2_500);
      await clock.until("the next wait", () => client.$state.status === "closed");
      client.reconnect();
      await waits(500, 1_000);
      await clock.until("the next wait", () => client.$state.status === "closed");
      const again = await FakeServer.start(() => {}, new URL(url).port);
      await waits(2_000);
      for (const [lasted, wait] of [[0, 2_500], [9_999, 2_500], [10_000, 500]]) {
        await isOpen(client);
        await clock.pass(lasted);
        again.cut();
        await waits(wait);
      }
      client.close();
      await again.stop();
    }),
);

await stepWith("headers that never come are waited for as long as `patience`, and asked for again", {}, async (all) => {
  const { clock, server } = all;
  const asked = [];
  const { client, diary } = diarist(server.url, { headers: () => new Promise((resolve) => asked.push(resolve)) });
  await until("asked", () => asked.length === 1);
  await clock.pass(PATIENCE - 1);
  assert.deepEqual([client.$state.status, diary], ["connecting", []]);
  await clock.pass(1);
  assert.deepEqual(diary, ["close 1006", "HEADERS_FAILED"]);
  assert.equal(client.lastError.message, `headers failed: not done within ${PATIENCE} ms`);
  assert.equal(client.$state.retryAt, clock.now + SOON);
  await clock.pass(SOON);
  await until("asked again", () => asked.length === 2);
  const before = server.connections.length;
  asked[0]({ "user-name": "Late" });
  asked[1]({ "user-name": "Ann" });
  await isOpen(client);
  const users = server.connections.slice(before).map((socket) => socket.asked.searchParams.get("user-name"));
  assert.deepEqual(users, ["Ann"], "what comes too late is not used");
  await clock.pass(PATIENCE * 2);
  assert.equal(client.$state.status, "open");
  client.close();
});

for (const [name, WebSocket] of [["Node's own", undefined], ["ws", ws]]) {
  await stepWith(`a server that has said goodbye and does not hang up is left after 2 s: ${name}`, { WebSocket }, async (all) => {
    const { clock, server, client, diary } = all;
    await isOpen(client);
    const tcp = server.socket._socket;
    tcp.end = tcp.destroy = () => tcp; // what the server's WebSocket does to hang up
    server.socket.close(1012, "restarting");
    await until("the goodbye", () => client.readyState === 2);
    assert.deepEqual(diary, ["open"]);
    const next = client.echo.any("next");
    await clock.pass(2_000);
    assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST"]);
    assert.match(client.lastError.message, /does not hang up/);
    await clock.pass(SOON);
    assert.equal(await next, "next");
    for (const method of ["end", "destroy"]) delete tcp[method];
    tcp.destroy();
  });
}

const made = [];
class Recorded extends ws {
  constructor(...args) {
    super(...args);
    made.push(this);
  }
}
await stepWith("close() with a server that says nothing ends the socket after 2 s, where a WebSocket can: ws", { WebSocket: Recorded }, async (all) => {
  const { clock, server, client } = all;
  await isOpen(client);
  server.socket._socket.pause();
  client.close();
  await clock.pass(1_999);
  assert.equal(made[0].readyState, 2);
  await clock.pass(1);
  await until("the end", () => made[0].readyState === 3);
});

await step("a hidden page, whose timers run once a minute: what arrives counts, and a dead server is known to be", () =>
  onOwnClock(async (clock) => {
    globalThis.document = Object.assign(new EventTarget(), { visibilityState: "hidden" });
    const server = await FakeServer.start((server) => (server.answer = echo));
    try {
      const { client, diary } = diarist(server.url);
      await isOpen(client);
      const settled = () => client.echo.any("settled", { timeout: Infinity });
      for (let minute = 1; minute <= 5; minute++) {
        await clock.stall(60_000);
        await until("a ping", () => server.pings === minute + 1);
        await settled();
      }
      assert.deepEqual([diary, server.connections.length], [["open"], 1]);
      server.pong = () => {};
      await clock.stall(60_000);
      await until("the question", () => server.pings === 7);
      await clock.stall(60_000);
      assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST"]);
      client.close();
    } finally {
      delete globalThis.document;
      await server.stop();
    }
  }));

console.log(summary());
