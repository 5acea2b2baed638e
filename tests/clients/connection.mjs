// How connections come, go and come back: `node connection.mjs` with Node 22, against servers that refuse, crash, fall silent.
import assert from "node:assert/strict";
import { createServer } from "node:net";

import { createZocketClient } from "./fixtures/shop.ts";
import { FakeServer, rejection, reply, step, summary, until } from "./support.mjs";

const quickly = { base: 20, cap: 20 };
const echo = (frame, socket) => socket.send(reply(frame, frame.payload));

/** A client that keeps a diary of all it is told. */
function diarist(url, options = {}) {
  const diary = [];
  const client = createZocketClient(url, {
    reconnect: quickly,
    onOpen: () => diary.push("open"),
    onClose: ({ code }) => diary.push(`close ${code}`),
    onError: (error) => diary.push(error.code),
    ...options,
  });
  return { client, diary };
}
const isOpen = (client) => until("open", () => client.$state.status === "open");
const isStopped = (client) => until("stopped", () => client.$state.status === "stopped");

await step("calls made before the connection wait for it, and go out in the order made", async () => {
  const server = await FakeServer.start((server) => (server.answer = echo));
  const { client } = diarist(server.url);
  assert.deepEqual([client.$state.status, client.readyState], ["connecting", 0]);
  const answers = await Promise.all([1, 2, 3].map((n) => client.echo.any(n)));
  assert.deepEqual(answers, [1, 2, 3]);
  assert.deepEqual(server.frames.map((frame) => frame.payload), [1, 2, 3]);
  client.close();
  await server.stop();
});

await step("the queue is bounded, frees what timed out or was aborted, and can be none", async () => {
  const server = await FakeServer.start((server) => (server.answer = echo));
  const { url } = server;
  await server.stop();
  const { client } = diarist(url, { queue: 2 });
  const first = rejection(client.ping(undefined, { timeout: 30 }));
  const abort = new AbortController();
  const second = rejection(client.ping(undefined, { signal: abort.signal }));
  const full = await rejection(client.ping());
  assert.deepEqual([full.code, full.message], ["QUEUE_FULL", "2 calls wait for a connection already"]);
  abort.abort();
  assert.equal((await second).code, "ABORTED");
  assert.deepEqual([(await first).code, (await first).message], ["TIMEOUT", "no connection within 30 ms: ping"]);
  const third = client.echo.any("third");
  const again = await FakeServer.start((server) => (server.answer = echo), new URL(url).port);
  assert.equal(await third, "third");
  assert.deepEqual(again.frames.map((frame) => frame.payload), ["third"]);
  client.close();
  await again.stop();
  const { client: hasty } = diarist(url, { queue: 0 });
  assert.equal((await rejection(hasty.ping())).code, "NOT_CONNECTED");
  hasty.close();
});

await step(
  "a connection that breaks in mid-call: CONNECTION_LOST, never sent again; the next call goes through",
  async () => {
    const server = await FakeServer.start();
    const { client, diary } = diarist(server.url);
    await isOpen(client);
    const lost = rejection(client.echo.any("lost"));
    await until("the call", () => server.frames.length === 1);
    server.answer = echo;
    server.cut();
    const error = await lost;
    assert.deepEqual([error.code, error.route], ["CONNECTION_LOST", "echo.any"]);
    assert.equal(client.$state.status, "closed");
    assert.equal(client.lastError.code, "CONNECTION_LOST");
    assert.ok(client.$state.retryAt <= Date.now() + 20);
    assert.equal(await client.echo.any("next"), "next");
    assert.deepEqual(server.frames.map((frame) => frame.payload), ["lost", "next"]);
    assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST", "open"]);
    assert.deepEqual([client.lastError, client.$state.retryAt], [null, null]);
    client.close();
    await server.stop();
  },
);

await step("a server that says goodbye is no error, and is come back to", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url);
  client.onClose(() => assert.equal(client.lastError, null));
  for (const [code, entries] of [[1001, 3], [1000, 5]]) {
    await isOpen(client);
    server.socket.close(code);
    await until("back", () => diary.length === entries);
  }
  assert.deepEqual(diary, ["open", "close 1001", "open", "close 1000", "open"]);
  client.close();
  await server.stop();
});

const refuse = (code, reason) => (server) => (server.welcome = (socket) => socket.close(code, reason));

for (
  const [close, code, status] of [
    [3400, "INVALID_HEADERS", 400],
    [3401, "UNAUTHORIZED", 401],
    [3403, "FORBIDDEN", 403],
    [3426, "UPGRADE_REQUIRED", 426],
    [3409, "REFUSED", 409],
  ]
) {
  await step(`${close} is ${code}: nothing is tried again, and calls say why`, async () => {
    const server = await FakeServer.start(refuse(close, "because"));
    const { client, diary } = diarist(server.url);
    const reading = rejection(client.on.stock.length[Symbol.asyncIterator]().next());
    const waiting = await rejection(client.echo.any("waits"));
    await isStopped(client);
    const later = await rejection(client.echo.any("later"));
    for (const error of [waiting, later, await reading, client.lastError]) {
      assert.deepEqual([error.code, error.status, error.message], [
        code,
        status,
        `the server refused the connection (${status}): because`,
      ]);
    }
    assert.equal(later.route, "echo.any");
    assert.notEqual(later, client.lastError, "each call has an error of its own");
    assert.deepEqual(diary, [`close ${close}`, code], "it was never open");
    assert.equal(server.connections.length, 1);
    server.welcome = () => {};
    server.answer = echo;
    client.reconnect();
    assert.equal(await client.echo.any("after"), "after");
    client.close();
    await server.stop();
  });
}

for (
  const [close, code] of [[3503, "REFUSED"], [3500, "REFUSED"], [3429, "REFUSED"], [3408, "REFUSED"], [
    3401,
    "UNAUTHORIZED",
  ]]
) {
  await step(
    `${close}${
      close === 3401 ? " with a function for headers" : ""
    } is tried again, and a waiting call is sent once it is let in, once`,
    async () => {
      const server = await FakeServer.start(refuse(close, ""));
      server.answer = echo;
      let asked = 0;
      const headers = () => ({ authorization: `token ${++asked}` });
      const { client, diary } = diarist(server.url, close === 3401 ? { headers } : {});
      const waiting = client.echo.any("patient");
      await until("three attempts", () => server.connections.length >= 3);
      server.welcome = () => {};
      assert.equal(await waiting, "patient");
      assert.deepEqual(server.socket.frames.map((frame) => frame.payload), ["patient"]);
      assert.equal(diary.filter((entry) => entry === "open").length, 1);
      assert.equal(diary[1], code);
      if (close === 3401) assert.equal(server.socket.asked.searchParams.get("authorization"), `token ${asked}`);
      client.close();
      await server.stop();
    },
  );
}

await step("a server that sends a client away later may have run its call: it is not sent again", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url);
  await isOpen(client);
  const underWay = rejection(client.echo.any("once"));
  await until("the call", () => server.frames.length === 1);
  server.answer = echo;
  server.socket.close(3503, "restarting");
  assert.equal((await underWay).code, "CONNECTION_LOST");
  assert.equal(await client.echo.any("next"), "next");
  assert.deepEqual(server.frames.map((frame) => frame.payload), ["once", "next"]);
  assert.deepEqual(diary, ["open", "close 3503", "REFUSED", "open"]);
  client.close();
  await server.stop();
});

await step("reconnect: false stops where the connection ends; reconnect() starts anew", async () => {
  const server = await FakeServer.start((server) => (server.answer = echo));
  const { client, diary } = diarist(server.url, { reconnect: false });
  await isOpen(client);
  server.cut();
  await isStopped(client);
  assert.equal((await rejection(client.ping())).code, "NOT_CONNECTED");
  assert.equal(client.readyState, 3);
  client.reconnect();
  assert.equal(await client.echo.any(1), 1);
  assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST", "open"]);
  client.close();
  await server.stop();
});

await step("close() stops for good: calls under way and waiting are CLOSED, no timer is left", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url);
  await isOpen(client);
  const underWay = rejection(client.ping());
  client.close();
  client.close();
  assert.equal((await underWay).code, "CLOSED");
  assert.equal((await rejection(client.ping())).message, "the client is closed; help: call reconnect()");
  assert.deepEqual([client.$state.status, client.readyState, client.lastError], ["stopped", 3, null]);
  assert.deepEqual(diary, ["open", "close 1000"]);
  await until("the server has heard", () => server.socket.readyState === 3);
  const { url } = server;
  await server.stop();
  const { client: waiting } = diarist(url, { reconnect: { base: 1e6, cap: 1e6, random: () => 1 } });
  const queued = rejection(waiting.ping());
  await until("closed", () => waiting.$state.status === "closed");
  waiting.close();
  assert.equal((await queued).code, "CLOSED");
  await new Promise(setImmediate);
  assert.deepEqual(process.getActiveResourcesInfo().filter((what) => what === "Timeout"), []);
});

await step(
  "what a callback does to the client is done: close in onClose, in onOpen, reconnect in onClose",
  async () => {
    const server = await FakeServer.start();
    const { client } = diarist(server.url);
    await isOpen(client);
    client.onClose(() => client.close());
    server.cut();
    await isStopped(client);
    server.welcome = (socket) => socket.send('{"type":"stock.length","payload":1}');
    const { client: shy, diary } = diarist(server.url, { onOpen: () => shy.close() });
    shy.on.stock.length(() => diary.push("an event"));
    await isStopped(shy);
    assert.deepEqual(diary, ["close 1000"], "what came with the opening is not heard after close()");
    const { client: eager } = diarist(server.url, { reconnect: { base: 1e6, cap: 1e6, random: () => 1 } });
    const stop = eager.onClose(() => eager.reconnect());
    await isOpen(eager);
    const before = server.connections.length;
    server.cut();
    await until("another connection", () => server.connections.length === before + 1);
    await isOpen(eager);
    stop();
    eager.close();
    await server.stop();
  },
);

await step(
  "reconnect() replaces a connection that is there, without onClose, and asks for the headers again",
  async () => {
    const server = await FakeServer.start();
    let user = "Ann";
    const { client, diary } = diarist(server.url, { headers: async () => ({ "user-name": user }) });
    await isOpen(client);
    const underWay = rejection(client.ping());
    user = "Bob";
    client.reconnect();
    assert.equal((await underWay).code, "CONNECTION_LOST");
    await until("the second", () => diary.length === 2);
    assert.deepEqual(diary, ["open", "open"]);
    assert.deepEqual(server.connections.map((socket) => socket.asked.searchParams.get("user-name")), ["Ann", "Bob"]);
    await until("the first is gone", () => server.connections[0].readyState === 3);
    client.close();
    await server.stop();
  },
);

await step("a headers function that fails is asked again; what it answers too late is not used", async () => {
  const server = await FakeServer.start();
  const answers = [];
  const { client, diary } = diarist(server.url, {
    headers: () => new Promise((resolve, reject) => answers.push({ resolve, reject })),
  });
  await until("asked", () => answers.length === 1);
  const offline = new Error("no token");
  answers[0].reject(offline);
  await until("asked again", () => answers.length === 2);
  assert.equal(diary.join(), "close 1006,HEADERS_FAILED");
  assert.equal(client.lastError.cause, offline);
  client.reconnect();
  await until("asked a third time", () => answers.length === 3);
  answers[2].resolve({ "user-name": "Cy" });
  await isOpen(client);
  answers[1].resolve({ "user-name": "Late" });
  await new Promise(setImmediate);
  server.answer = echo;
  assert.equal(await client.echo.any("still"), "still");
  assert.deepEqual(server.connections.map((socket) => socket.asked.searchParams.get("user-name")), ["Cy"]);
  client.close();
  await server.stop();
});

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
    assert.throws(() => createZocketClient("ws://127.0.0.1/ws"), /there is no WebSocket here; help: .*`ws`/);
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

// -- Signs of life --

await step("a quiet connection is asked for a sign of life; one that answers stays", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url, { heartbeat: 30, patience: 5_000 });
  await until("five pings", () => server.pings >= 5);
  assert.deepEqual([diary, server.connections.length], [["open"], 1]);
  client.close();
  await server.stop();
});

await step("a busy connection is not asked", async () => {
  const server = await FakeServer.start();
  const { client } = diarist(server.url, { heartbeat: 300 });
  await isOpen(client);
  const end = Date.now() + 900;
  await until("time to pass", () => {
    server.send({ type: "stock.length", payload: 1 });
    return Date.now() > end;
  });
  // One is what every connection begins with. One more may be owed to a machine that stood still for a moment.
  assert.ok(server.pings <= 2, `${server.pings} pings`);
  client.close();
  await server.stop();
});

await step("a dead one is noticed, said to be, and replaced", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url, { heartbeat: 50, patience: 1_500 });
  await isOpen(client);
  const call = rejection(client.ping());
  const dead = server.socket;
  dead._socket.pause(); // not even the goodbye is read: the peer is gone without a trace
  assert.equal((await call).code, "CONNECTION_LOST");
  await until("another", () => server.connections.length === 2);
  await isOpen(client);
  assert.deepEqual(diary, ["open", "close 1006", "CONNECTION_LOST", "open"]);
  client.close();
  await server.stop();
});

await step("a server that takes the connection and says nothing is not open, and is left", async () => {
  const server = await FakeServer.start((server) => (server.pong = () => {}));
  const { client, diary } = diarist(server.url, { patience: 60 });
  await until("three attempts", () => server.connections.length >= 3);
  assert.ok(!diary.includes("open"));
  assert.equal(client.lastError.message, "the server said nothing for 60 ms");
  client.close();
  await server.stop();
});

await step("one that never answers the handshake is left too", async () => {
  const sockets = [];
  const silent = createServer((socket) => sockets.push(socket.on("error", () => {}))).listen(0, "127.0.0.1");
  await until("listening", () => silent.listening);
  const { client } = diarist(`ws://127.0.0.1:${silent.address().port}/ws`, { patience: 60 });
  await until("three attempts", () => sockets.length >= 3);
  client.close();
  for (const socket of sockets) socket.destroy();
  silent.close();
});

await step("an older server, which does not know pings, is alive when it says so", async () => {
  const error = { code: "UNKNOWN_ROUTE", message: "no such route" };
  const server = await FakeServer.start((
    server,
  ) => (server.pong = (socket) => socket.send(JSON.stringify({ type: "__rpc_err", route: "__ping", error }))));
  const { client, diary } = diarist(server.url, { heartbeat: 30 });
  await until("three pings", () => server.pings >= 3);
  assert.deepEqual(diary, ["open"]);
  client.close();
  await server.stop();
});

await step("a machine that slept asks once more before it gives a connection up", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url, { heartbeat: 200, patience: 1_500 });
  await isOpen(client);
  server.pong = (socket) => {
    // The client has asked and waits; all stands still for a while. Its timer is late then, and the answer not yet read.
    const wakesUp = Date.now() + 2_800;
    while (server.pings === 2 && Date.now() < wakesUp);
    socket.send('{"type":"__pong"}');
  };
  await until("more pings", () => server.pings >= 4);
  assert.deepEqual(diary, ["open"]);
  client.close();
  await server.stop();
});

await step("heartbeat: 0 asks never", async () => {
  const server = await FakeServer.start();
  const { client } = diarist(server.url, { heartbeat: 0 });
  await isOpen(client);
  const end = Date.now() + 300;
  await until("time to pass", () => Date.now() > end);
  assert.deepEqual([server.pings, server.connections.length], [1, 1]);
  client.close();
  await server.stop();
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

await step(
  "the wait doubles up to its cap, is random below that, and begins anew after a connection that lasted",
  async () => {
    // A wait begins between the question for a random number and the news of it.
    const waits = [];
    let askedAt = 0;
    const random = () => {
      askedAt = Date.now();
      return 0.5;
    };
    const are = async (...expected) => {
      await until(`${expected.length} waits`, () => waits.length >= expected.length);
      for (const [at, wait] of expected.entries()) {
        const { shortest, longest } = waits[at];
        assert.ok(shortest <= wait && wait <= longest, `wait ${at} is ${shortest} to ${longest} ms, not ${wait}`);
      }
      waits.length = 0;
    };
    const server = await FakeServer.start();
    const { url } = server;
    await server.stop();
    const { client } = diarist(url, { reconnect: { base: 8, cap: 40, stable: 1_000, random } });
    client.$onState(({ status, retryAt }) => {
      if (status === "closed") waits.push({ shortest: retryAt - Date.now(), longest: retryAt - askedAt });
    });
    await are(4, 8, 16, 20, 20, 20);
    client.reconnect();
    await are(4, 8, 16);
    const again = await FakeServer.start(() => {}, new URL(url).port);
    await isOpen(client);
    waits.length = 0;
    again.cut();
    await are(20);
    await isOpen(client);
    const lasts = Date.now() + 1_100;
    await until("a connection that lasts", () => Date.now() > lasts);
    again.cut();
    await are(4);
    client.close();
    await again.stop();
  },
);

console.log(summary());
