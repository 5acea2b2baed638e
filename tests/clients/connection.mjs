// How connections open, close and reconnect: `node connection.mjs` with Node 22, against servers that refuse and crash. What
// takes time is in waits.mjs.
import assert from "node:assert/strict";

import { diarist, echo, isOpen, isStopped } from "./diarist.mjs";
import { FakeServer, rejection, step, summary, until } from "./support.mjs";

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

await step("a call that a server refuses as RESTARTING is made again on the next connection, in order and once", async () => {
  const server = await FakeServer.start();
  const { client, diary } = diarist(server.url);
  await isOpen(client);
  const ran = [];
  const run = (frame, socket) => {
    ran.push(frame.payload);
    echo(frame, socket);
  };
  const refuse = (frame, socket) =>
    socket.send(JSON.stringify({ type: "__rpc_err", rpcId: frame.rpcId, error: { code: "RESTARTING", message: "later" } }));
  // The first has begun when the drain does; the others have not.
  server.answer = (frame, socket) => {
    server.answer = refuse;
    run(frame, socket);
  };
  const answers = [1, 2, 3].map((n) => client.echo.any(n));
  await until("all have arrived", () => server.frames.length === 3);
  // Made while the server waits for its turn to close.
  answers.push(client.echo.any(4));
  await until("this one as well", () => server.frames.length === 4);
  server.answer = run;
  server.socket.close(1012, "the server is restarting");
  assert.deepEqual(await Promise.all(answers), [1, 2, 3, 4]);
  assert.deepEqual(ran, [1, 2, 3, 4]);
  assert.deepEqual(server.connections.map((socket) => socket.frames.map((frame) => frame.payload)), [[1, 2, 3, 4], [2, 3, 4]]);
  assert.deepEqual(diary, ["open", "close 1012", "RESTARTING", "open"]);

  // Its timeout stays the same: a server that refuses and does not close, or does not come back, leads to TIMEOUT.
  server.answer = refuse;
  const late = await rejection(client.ping(undefined, { timeout: 50 }));
  assert.deepEqual([late.code, late.message], ["TIMEOUT", "no connection within 50 ms: ping"]);
  client.close();

  // A client that does not reconnect, or queues nothing, is told.
  for (const options of [{ reconnect: false }, { queue: 0 }]) {
    const { client } = diarist(server.url, options);
    await isOpen(client);
    assert.equal((await rejection(client.ping())).code, "RESTARTING");
    client.close();
  }
  await server.stop();
});

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
  assert.equal((await rejection(client.ping())).message, "closed; help: call reconnect()");
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

console.log(summary());
