// What runs first at every connection: `node connect.mjs` with Node 22, against a server that knows who has logged in and joined.
import assert from "node:assert/strict";

import { onOwnClock } from "./clock.mjs";
import { diarist, echo, isOpen, isStopped } from "./diarist.mjs";
import { FakeServer, rejection, reply, step, summary, until, whenAway } from "./support.mjs";

/** An auction: who has not joined on this connection may not bid. */
const auction = () =>
  FakeServer.start((server) => {
    server.answer = (frame, socket) => {
      const word = frame.payload;
      if (word === "join") socket.isIn = true;
      if (socket.isIn || word === "login") return echo(frame, socket);
      const error = { code: "NOT_IN_ROOM", message: "join first" };
      socket.send(JSON.stringify({ type: "__rpc_err", rpcId: frame.rpcId, error }));
    };
  });
const words = (socket) => socket.frames.map((frame) => frame.payload);

await step("a bid that was made while away comes after the page is in its room again, and before onOpen nothing does", async () => {
  const server = await auction();
  const { client, diary } = diarist(server.url, {
    onConnect: async (client) => {
      diary.push(`first ${client.$state.status}`);
      await client.echo.any("login");
      await client.echo.any("join");
      diary.push("joined");
    },
  });
  assert.equal(await client.echo.any("early bid"), "early bid");
  const bid = whenAway(client, () => client.echo.any("late bid").then(() => diary.push("bid")));
  server.cut();
  await bid;
  assert.deepEqual(server.connections.map(words), [["login", "join", "early bid"], ["login", "join", "late bid"]]);
  const connected = ["first connecting", "joined", "open"];
  assert.deepEqual(diary, [...connected, "close 1006", "CONNECTION_LOST", ...connected, "bid"]);
  client.close();
  await server.stop();
});

await step("a bid that is made while the page is still joining waits too, whatever `queue` of them may", async () => {
  const server = await auction();
  let join;
  const { client } = diarist(server.url, {
    queue: 1,
    onConnect: async (client) => {
      await new Promise((resolve) => (join = resolve));
      await client.echo.any("join");
      await client.echo.any("look around");
    },
  });
  await until("connected", () => join);
  const bid = client.echo.any("bid");
  assert.equal((await rejection(client.echo.any("another"))).code, "QUEUE_FULL");
  join();
  assert.equal(await bid, "bid");
  assert.deepEqual(words(server.socket), ["join", "look around", "bid"]);
  client.close();
  await server.stop();
});

await step("where it fails, the attempt has failed: told, tried again, and what waits goes on waiting", async () => {
  const server = await auction();
  let attempt = 0;
  const closes = [];
  const { client, diary } = diarist(server.url, {
    onConnect: async (client) => {
      if (++attempt === 1) throw new Error("no token");
      if (attempt === 2) await client.echo.any("bid before joining");
      await client.echo.any("join");
    },
    onClose: (close) => closes.push([close.code, close.attempt, close.error.code, close.error.message]),
  });
  assert.equal(await client.echo.any("bid"), "bid");
  assert.deepEqual(closes, [
    [1006, 1, "CONNECT_FAILED", "onConnect failed: Error: no token"],
    [1006, 2, "CONNECT_FAILED", "onConnect failed: ZocketError: join first"],
  ]);
  assert.deepEqual(diary, ["CONNECT_FAILED", "CONNECT_FAILED", "open"]);
  assert.deepEqual(server.connections.map(words), [[], ["bid before joining"], ["join", "bid"]]);
  client.close();
  await server.stop();
});

await step("shouldReconnect sees why it failed, and may end it", async () => {
  const server = await auction();
  const { client } = diarist(server.url, {
    onConnect: (client) => client.echo.any("bid"),
    shouldReconnect: ({ error }, rule) => rule && error.cause?.code !== "NOT_IN_ROOM",
  });
  const waiting = rejection(client.echo.any("waits"));
  await isStopped(client);
  assert.equal((await waiting).code, "NOT_CONNECTED");
  assert.deepEqual([client.lastError.code, client.lastError.cause.code], ["CONNECT_FAILED", "NOT_IN_ROOM"]);
  client.close();
  await server.stop();
});

await step("one that never ends has as long as `patience`, and the next connection another try", () =>
  onOwnClock(async (clock) => {
    const server = await auction();
    let tries = 0;
    const { client } = diarist(server.url, { onConnect: () => ++tries === 1 && new Promise(() => {}) });
    await until("tried", () => tries === 1);
    await clock.pass(9_999);
    assert.equal(client.$state.status, "connecting");
    await clock.pass(1);
    assert.equal(client.lastError.message, "onConnect failed: not done within 10000 ms");
    assert.ok(client.$state.retryAt > clock.now);
    await clock.pass(20);
    await isOpen(client);
    client.close();
    await server.stop();
  }));

await step("a connection that is lost meanwhile: its calls fail, late ones too, and the next connection begins anew", async () => {
  const server = await FakeServer.start();
  const ends = [];
  let go;
  const { client, diary } = diarist(server.url, {
    onConnect: async (client) => {
      if (server.connections.length > 1) return;
      ends.push((await rejection(client.echo.any("first"))).code);
      await new Promise((resolve) => (go = resolve));
      // Of a connection that is no more: not for the next one.
      ends.push((await rejection(client.echo.any("second"))).code);
      throw new Error("nobody asks any more");
    },
  });
  await until("the call", () => server.frames.length === 1);
  server.answer = echo;
  server.cut();
  await until("told", () => go);
  await isOpen(client);
  go();
  assert.equal(await client.echo.any("after"), "after");
  assert.deepEqual(ends, ["CONNECTION_LOST", "CONNECTION_LOST"]);
  assert.deepEqual(server.connections.map(words), [["first"], ["after"]]);
  assert.deepEqual(diary, ["close 1006", "CONNECTION_LOST", "open"]);
  client.close();
  await server.stop();
});

await step("a call that the server refuses as RESTARTING is not carried over to the next connection", async () => {
  const server = await FakeServer.start();
  server.answer = (frame, socket) => {
    const error = { code: "RESTARTING", message: "later" };
    socket.send(JSON.stringify({ type: "__rpc_err", rpcId: frame.rpcId, error }));
    server.answer = echo;
  };
  const { client } = diarist(server.url, { onConnect: (client) => client.echo.any("join") });
  assert.equal(await client.echo.any("bid"), "bid");
  assert.deepEqual(server.connections.map(words), [["join"], ["join", "bid"]]);
  client.close();
  await server.stop();
});

await step("nothing of it runs for a server that refuses, and events that come meanwhile are heard", async () => {
  const server = await FakeServer.start((server) => (server.welcome = (socket) => socket.close(3503, "")));
  let runs = 0;
  const heard = [];
  const { client } = diarist(server.url, {
    onConnect: async (client) => {
      runs += 1;
      await client.echo.any("join");
    },
  });
  client.on.stock.length((n) => heard.push(n));
  await until("refused twice", () => server.connections.length > 2);
  assert.equal(runs, 0);
  server.welcome = () => {};
  server.answer = (frame, socket) => {
    socket.send('{"type":"stock.length","payload":7}');
    socket.send(reply(frame));
  };
  await isOpen(client);
  assert.deepEqual([runs, heard], [1, [7]]);
  client.close();
  await server.stop();
});

await step("$onConnect: in turn, at once where there is a connection, until it is unsubscribed", async () => {
  const server = await auction();
  const { client, diary } = diarist(server.url, { onConnect: (client) => client.echo.any("login") });
  const stopFirst = client.$onConnect(async (client) => client.echo.any("join"));
  client.$onConnect((client) => client.echo.any("count"));
  await isOpen(client);
  assert.deepEqual(words(server.socket), ["login", "join", "count"]);
  const stopLate = client.$onConnect((client) => client.echo.any("late"));
  await until("late", () => words(server.socket).at(-1) === "late");
  stopLate();
  client.$onConnect(() => diary.push("dropped before it ran"))();
  const fails = client.$onConnect(() => Promise.reject(new Error("oops")));
  await until("told", () => diary.includes("CONNECT_FAILED"));
  fails();
  assert.equal(client.$state.status, "open", "a connection that is there stays");
  client.reconnect();
  await isOpen(client);
  assert.deepEqual(words(server.socket), ["login", "join", "count"]);
  stopFirst();
  client.reconnect();
  await until("failed", () => diary.at(-1) === "CONNECT_FAILED");
  assert.deepEqual(diary, ["open", "CONNECT_FAILED", "open", "close 1006", "CONNECT_FAILED"]);
  client.close();
  await server.stop();
});

await step("$onConnect: one that is added between the opening of a socket and the server's first word runs first too", async () => {
  const server = await auction();
  let pong;
  server.pong = (socket) => (pong = () => socket.send('{"type":"__pong"}'));
  const { client } = diarist(server.url);
  await until("the question", () => pong);
  client.$onConnect((client) => client.echo.any("join"));
  pong();
  await until("joining", () => server.frames.length === 1);
  assert.equal(await client.echo.any("bid"), "bid");
  assert.deepEqual(words(server.socket), ["join", "bid"]);
  client.close();
  await server.stop();
});

await step("the client that it is given is the client: events, state, `try`, close", async () => {
  const server = await auction();
  const { client, diary } = diarist(server.url, {
    onConnect: async (own) => {
      assert.equal(own.on, client.on);
      assert.equal(own.$state, client.$state);
      assert.equal(own.system.announce, own.$calls["system.announce"]);
      assert.notEqual(own.system.announce, client.system.announce);
      diary.push((await own.echo.any.try("bid")).error.code);
      own.close();
    },
  });
  await isStopped(client);
  assert.deepEqual(diary, ["NOT_IN_ROOM", "close 1000"]);
  await server.stop();
});

await step("without it, calls are sent with the first breath of a connection, as ever", async () => {
  const server = await FakeServer.start((server) => (server.pong = () => {}));
  const { client } = diarist(server.url);
  const bid = client.echo.any("bid");
  await until("the call", () => server.frames.length === 1);
  server.answer = echo;
  assert.equal(client.$state.status, "connecting");
  echo(server.frames[0], server.socket);
  assert.equal(await bid, "bid");
  client.close();
  await server.stop();
});

console.log(summary());
