// What is around a client, and what it makes of it: `node surroundings.mjs` with Node 22. Platforms without a WebSocket, pages that
// are put to sleep, URLs that are wrong, and who decides whether to come back.
import assert from "node:assert/strict";

import { createZocketClient } from "./fixtures/shop.ts";
import { diarist, echo, isOpen, isStopped } from "./diarist.mjs";
import { FakeServer, rejection, step, summary, until } from "./support.mjs";

await step("connect: false waits for reconnect()", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url, { connect: false });
  assert.deepEqual([client.$state.status, client.readyState], ["stopped", 3]);
  assert.equal((await rejection(client.ping())).code, "CLOSED");
  client.reconnect();
  await isOpen(client);
  assert.equal(server.connections.length, 1);
  assert.deepEqual(diary, ["open"]);
  client.close();
  await server.stop();
});

await step("where there is no WebSocket, that is said with a way out", () => {
  const { WebSocket } = globalThis;
  try {
    delete globalThis.WebSocket;
    assert.throws(() => createZocketClient("ws://127.0.0.1/ws"), /no WebSocket here; help: .*`ws`/);
    createZocketClient("ws://127.0.0.1/ws", { connect: false });
  } finally {
    globalThis.WebSocket = WebSocket;
  }
});

await step("a WebSocket that does not even start is an attempt that failed", async () => {
  class Forbidden {
    constructor() {
      throw new Error("mixed content");
    }
  }
  const { client, diary } = diarist("ws://127.0.0.1/ws", { WebSocket: Forbidden });
  await until("tried twice", () => diary.filter((entry) => entry === "NOT_CONNECTED").length >= 2);
  assert.equal(client.lastError.cause.message, "mixed content");
  client.close();
});

await step(
  "when the network is back, or the page is seen again, there is no wait; close() listens to neither",
  async () => {
    const window = new EventTarget();
    const document = new EventTarget();
    globalThis.addEventListener = window.addEventListener.bind(window);
    globalThis.removeEventListener = window.removeEventListener.bind(window);
    globalThis.document = document;
    const server = await FakeServer.start();
    const { client } = diarist(server.url, { reconnect: { base: 1e6, cap: 1e6, random: () => 1 } });
    try {
      for (const [target, event] of [[window, "online"], [document, "visibilitychange"]]) {
        await isOpen(client);
        server.cut();
        await until("closed", () => client.$state.status === "closed");
        document.visibilityState = "hidden";
        document.dispatchEvent(new Event("visibilitychange"));
        assert.equal(client.$state.status, "closed", "a page that is left does not try");
        document.visibilityState = "visible";
        target.dispatchEvent(new Event(event));
        assert.equal(client.$state.status, "connecting");
      }
      await isOpen(client);
      const { pings } = server;
      window.dispatchEvent(new Event("online"));
      await until("a ping at once", () => server.pings === pings + 1);
      client.close();
      window.dispatchEvent(new Event("online"));
      assert.equal(client.$state.status, "stopped");
    } finally {
      for (const name of ["addEventListener", "removeEventListener", "document"]) delete globalThis[name];
      client.close();
      await server.stop();
    }
  },
);

await step("a page that is put to sleep or away leaves its connection, and is back at once, looked at or not", async () => {
  const window = new EventTarget();
  const document = new EventTarget();
  globalThis.addEventListener = window.addEventListener.bind(window);
  globalThis.removeEventListener = window.removeEventListener.bind(window);
  globalThis.document = document;
  document.visibilityState = "hidden";
  const server = await FakeServer.start((server) => (server.answer = echo));
  const { client, diary } = diarist(server.url, { reconnect: { base: 1e6, cap: 1e6, random: () => 1 } });
  try {
    for (const [target, left, shown] of [[window, "pagehide", "pageshow"], [document, "freeze", "resume"]]) {
      await isOpen(client);
      target.dispatchEvent(new Event(left));
      assert.deepEqual([client.$state.status, client.$state.retryAt, client.lastError], ["closed", null, null]);
      const waits = client.echo.any("waits");
      await until("gone", () => server.listening.clients.size === 0);
      target.dispatchEvent(new Event(shown));
      assert.equal(client.$state.status, "connecting");
      assert.equal(await waits, "waits");
    }
    // From the wait for the next attempt as well.
    server.cut();
    await until("closed", () => client.$state.status === "closed");
    window.dispatchEvent(new Event("pagehide"));
    assert.equal(client.$state.retryAt, null);
    window.dispatchEvent(new Event("pageshow"));
    await isOpen(client);
    client.close();
    window.dispatchEvent(new Event("pagehide"));
    window.dispatchEvent(new Event("pageshow"));
    assert.equal(client.$state.status, "stopped");
    const away = ["close 1001", "open"];
    assert.deepEqual(diary, ["open", ...away, ...away, "close 1006", "CONNECTION_LOST", "open", "close 1000"]);
  } finally {
    for (const name of ["addEventListener", "removeEventListener", "document"]) delete globalThis[name];
    client.close();
    await server.stop();
  }
});

await step("shouldReconnect has the last word: to stay away from what is come back to, and to come back to a kick", async () => {
  const server = await FakeServer.start();
  const asked = [];
  const { client } = diarist(server.url, {
    shouldReconnect: ({ code, attempt, error }, rule) => {
      asked.push([code, attempt, error?.code ?? null, rule]);
      return code === 4003 || (rule && attempt < 3);
    },
  });
  await isOpen(client);
  server.socket.close(4003, "think it over");
  await until("another", () => server.connections.length === 2);
  await isOpen(client);
  const { url } = server;
  server.cut();
  await server.stop();
  await isStopped(client);
  assert.equal((await rejection(client.ping())).code, "NOT_CONNECTED");
  assert.deepEqual(asked, [
    [4003, 1, "KICKED", false],
    [1006, 2, "CONNECTION_LOST", true],
    [1006, 3, "NOT_CONNECTED", true],
  ]);

  // One that throws is told of, and the rule holds; one that closes or connects by itself has decided.
  const oops = new Error("oops");
  const throws = () => {
    throw oops;
  };
  const { client: other, diary } = diarist(url, { shouldReconnect: throws, onError: ({ code, cause }) => diary.push(cause === oops ? "oops" : code) });
  await until("tried twice", () => diary.filter((entry) => entry === "NOT_CONNECTED").length >= 2);
  assert.deepEqual(diary.slice(0, 3), ["oops", "close 1006", "NOT_CONNECTED"]);
  other.close();
  const { client: closing } = diarist(url, { shouldReconnect: () => (closing.close(), true) });
  await isStopped(closing);
  assert.equal(closing.$state.retryAt, null);
});

await step("a client is told what is wrong with a URL, and keeps what is right", async () => {
  const urls = [];
  class Recorder {
    constructor(url) {
      urls.push(url);
    }
    close() {}
  }
  const { location } = globalThis;
  globalThis.location = { href: "https://example.org/shop/?x=1#top" };
  try {
    const headers = { authorization: "a b&c", tag: ["x", "y"], none: undefined };
    for (const url of ["/ws", "ws?own=1", "WS://127.0.0.1:1/a?authorization=old&own=%20#part", "http://127.0.0.1"]) {
      createZocketClient(url, { WebSocket: Recorder, headers }).close();
    }
    for (const wrong of ["ftp://127.0.0.1/", "mailto:ann@example.org", "ws://"]) {
      assert.throws(() => createZocketClient(wrong, { WebSocket: Recorder }), TypeError, wrong);
    }
  } finally {
    if (location) globalThis.location = location;
    else delete globalThis.location;
  }
  const query = "authorization=a%20b%26c&tag=x&tag=y&x-zocket-version=0.1.0&x-zocket-contract=b1946ac92492d2347c6235b4d2611184&x-zocket-refusal=close";
  assert.deepEqual(urls, [
    `wss://example.org/ws?${query}`,
    `wss://example.org/shop/ws?own=1&${query}`,
    `ws://127.0.0.1:1/a?own=%20&${query}`,
    `ws://127.0.0.1?${query}`,
  ]);
});

console.log(summary());
