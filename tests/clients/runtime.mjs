// How the runtime handles calls, against a scripted server: `node runtime.mjs` with Node 22. Unsolicited messages from the server
// are in events.mjs, what happens to connections in connection.mjs.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { inspect } from "node:util";

import { onOwnClock } from "./clock.mjs";
import { createZocketClient, isZocketError, ZocketError } from "./fixtures/shop.ts";
import { FakeServer, rejection, reply, step, summary, until } from "./support.mjs";

const server = await FakeServer.start();
const errors = [];
const client = createZocketClient(`${server.url}?tenant=7`, {
  headers: { authorization: "a b&c", "user-name": undefined },
  onError: (error) => errors.push(error),
});
const unhandled = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** The next frame that the server gets. */
async function frameOf(send) {
  const before = server.frames.length;
  const sent = send();
  await until("a frame", () => server.frames.length > before);
  return { frame: server.frames[before], sent };
}

await step("the handshake carries headers, version, contract, and the URL's own query", async () => {
  await until("open", () => client.$state.status === "open");
  assert.deepEqual(Object.fromEntries(server.socket.asked.searchParams), {
    tenant: "7",
    authorization: "a b&c",
    "x-zocket-version": "0.1.0",
    "x-zocket-contract": "b1946ac92492d2347c6235b4d2611184",
    "x-zocket-refusal": "close",
  });
  assert.equal(client.readyState, 1);
  assert.equal(client.lastError, null);
});

await step("http and https are ws and wss, and what is no URL throws", () => {
  const urls = [];
  class Recorder {
    constructor(url) {
      urls.push(url.split("?")[0]);
    }
    close() {}
  }
  for (const url of ["http://127.0.0.1/a", "https://127.0.0.1/b", new URL("wss://127.0.0.1/c")]) {
    createZocketClient(url, { WebSocket: Recorder }).close();
  }
  assert.deepEqual(urls, ["ws://127.0.0.1/a", "wss://127.0.0.1/b", "wss://127.0.0.1/c"]);
  assert.throws(() => createZocketClient("no url"), TypeError);
});

await step("calls and listeners are the same functions every time, whatever they are called", () => {
  assert.equal(client.system.announce, client.system.announce);
  assert.equal(client.on.system.announcement, client.on.system.announcement);
  assert.equal(client.system.announce, client.$calls["system.announce"]);
  assert.equal(client.on.stock.length, client.$events["stock.length"]);
  for (const name of ["toString", "constructor", "name"]) {
    assert.equal(client.stock[name], client.$calls[`stock.${name}`]);
  }
  assert.equal(client.stock.orderNow.later, client.$calls["stock.orderNow.later"]);
  assert.equal(typeof client.close, "function");
  assert.equal(client.close.now, undefined, "what clashes with the client's own names is under $calls alone");
  assert.notEqual(client.stock.orderNow.try, client.$calls["stock.orderNow.try"]);
});

await step("a client is no promise, and can be printed", async () => {
  assert.equal(await client, client);
  assert.equal(await (async () => client.on)(), client.on);
  assert.equal(client.promise.then, undefined);
  assert.match(inspect(client), /announce/);
  assert.equal(JSON.stringify(client.on), '{"hint":{},"stock":{},"system":{}}');
  assert.equal(JSON.parse(JSON.stringify(client)).readyState, 1);
  assert.equal(`${client.system}`, "[object Object]");
  assert.equal(client.nothing, undefined);
  assert.equal(structuredClone(client.$state).status, "open");
});

await step("a call sends its route and payload, and resolves with the reply", async () => {
  server.answer = (frame, socket) => socket.send(reply(frame, { number: 7 }));
  const { frame, sent } = await frameOf(() => client.stock.orderNow({ article: "pen", count: 2 }));
  const { rpcId, ...rest } = frame;
  assert.equal(typeof rpcId, "string");
  assert.deepEqual(rest, { type: "stock.orderNow", payload: { article: "pen", count: 2 } });
  assert.deepEqual(await sent, { number: 7 });
  for (
    const [route, call] of [
      ["close.now", client.$calls["close.now"]],
      ["stock.orderNow.try", client.$calls["stock.orderNow.try"]],
      ["promise.then", client.$calls["promise.then"]],
      ["stock.orderNow.later", client.stock.orderNow.later],
      ["stock.toString", client.stock.toString],
      ["ping", client.ping],
    ]
  ) {
    assert.equal((await frameOf(() => call())).frame.type, route);
  }
});

await step("a call without payload has no such key; a reply without one is undefined, with null is null", async () => {
  server.answer = (frame, socket) => socket.send(reply(frame, undefined));
  const { frame, sent } = await frameOf(() => client.ping(undefined, { timeout: 5_000 }));
  assert.deepEqual(Object.keys(frame), ["type", "rpcId"]);
  assert.equal(await sent, undefined);
  server.answer = (frame, socket) => socket.send(reply(frame, null));
  assert.equal(await client.ping(), null);
});

await step("answers find their calls in any order", async () => {
  const waiting = [];
  server.answer = (frame) => waiting.push(frame);
  const calls = ["a", "b", "c"].map((text) => client.echo.any(text));
  await until("three calls", () => waiting.length === 3);
  for (const frame of waiting.reverse()) server.send(reply(frame, frame.payload + "!"));
  assert.deepEqual(await Promise.all(calls), ["a!", "b!", "c!"]);
});

const failing = (error) => (frame, socket) =>
  socket.send(JSON.stringify({ type: "__rpc_err", rpcId: frame.rpcId, error }));

await step("a call rejects with the server's error: code, message, route, issues, data", async () => {
  const issues = [{ path: "/count", message: "more than 9", keyword: "maximum" }];
  server.answer = failing({ code: "INVALID_PAYLOAD", message: "not valid", issues });
  const invalid = await rejection(client.stock.orderNow({ article: "pen", count: 10 }));
  assert.ok(invalid instanceof Error && invalid instanceof ZocketError && isZocketError(invalid));
  assert.deepEqual([invalid.name, invalid.code, invalid.message, invalid.route], [
    "ZocketError",
    "INVALID_PAYLOAD",
    "not valid",
    "stock.orderNow",
  ]);
  assert.deepEqual([invalid.issues, invalid.issueCount], [issues, 1]);
  server.answer = failing({ code: "INVALID_PAYLOAD", message: "not valid", issues, issueCount: 900 });
  assert.equal((await rejection(client.stock.orderNow({ article: "pen", count: 10 }))).issueCount, 900);
  server.answer = failing({ code: "TOO_MANY", message: "at most 3", data: { most: 3 } });
  const own = await rejection(client.stock.orderNow({ article: "pen", count: 4 }));
  assert.deepEqual([own.code, own.data, own.issues], ["TOO_MANY", { most: 3 }, undefined]);
  assert.ok(!isZocketError(new Error("another")) && !isZocketError(undefined));
});

await step("an error that lacks what it should have is an error still", async () => {
  for (
    const [error, code] of [[{ code: "INVALID_PAYLOAD" }, "INVALID_PAYLOAD"], [{}, "INTERNAL"], [null, "INTERNAL"], [
      "oops",
      "INTERNAL",
    ], [undefined, "INTERNAL"]]
  ) {
    server.answer = failing(error);
    const failed = await rejection(client.ping());
    assert.equal(failed.code, code);
    if (code === "INVALID_PAYLOAD") assert.deepEqual(failed.issues, []);
  }
});

await step("`try` resolves with a value or with the error", async () => {
  server.answer = failing({ code: "SOLD_OUT", message: "all gone" });
  const failed = await client.stock.orderNow.try({ article: "pen", count: 1 });
  assert.equal(failed.ok, false);
  assert.equal(failed.error.code, "SOLD_OUT");
  server.answer = (frame, socket) => socket.send(reply(frame, ["pen"]));
  assert.deepEqual(await client.stock.list.try(), { ok: true, value: ["pen"] });
});

await step("a call that nobody awaits fails quietly", async () => {
  server.answer = failing({ code: "SOLD_OUT", message: "all gone" });
  client.stock.orderNow({ article: "pen", count: 1 });
  await rejection(client.stock.orderNow({ article: "pen", count: 1 }));
  await new Promise(setImmediate);
  assert.deepEqual(unhandled, []);
});

await step("what cannot be written as JSON is said so, and not sent", async () => {
  const circle = {};
  circle.circle = circle;
  const failed = await rejection(client.echo.any(circle));
  assert.equal(failed.code, "BAD_MESSAGE");
  assert.ok(failed.cause instanceof TypeError);
});

await step("no answer in time: TIMEOUT, and the answer that comes later is nobody's", async () => {
  let late;
  server.answer = (frame, socket) => (late = () => socket.send(reply(frame, "late")));
  await onOwnClock(async (clock) => {
    const waiting = rejection(client.ping(undefined, { timeout: 30 }));
    await until("the call", () => late);
    await clock.pass(30);
    const failed = await waiting;
    assert.deepEqual([failed.code, failed.message], ["TIMEOUT", "no answer within 30 ms: ping"]);
  });
  late();
  server.answer = (frame, socket) => socket.send(reply(frame, "in time"));
  assert.equal(await client.ping(undefined, { timeout: Infinity }), "in time");
  const quick = createZocketClient(server.url, { timeout: 40 });
  server.answer = () => {};
  await until("open", () => quick.$state.status === "open");
  assert.equal((await rejection(quick.ping())).message, "no answer within 40 ms: ping");
  quick.close();
});

await step("an aborted call rejects with ABORTED and the signal's reason, before, during, never after", async () => {
  const reason = new Error("changed my mind");
  const early = await rejection(client.ping(undefined, { signal: AbortSignal.abort(reason) }));
  assert.deepEqual([early.code, early.cause], ["ABORTED", reason]);
  const control = new AbortController();
  const during = frameOf(() => rejection(client.ping(undefined, { signal: control.signal })));
  const { sent } = await during;
  control.abort(reason);
  assert.deepEqual([(await sent).code, (await sent).cause], ["ABORTED", reason]);
  const idle = new AbortController();
  server.answer = (frame, socket) => socket.send(reply(frame, "done"));
  assert.equal(await client.ping(undefined, { signal: idle.signal }), "done");
  assert.deepEqual(getEventListeners(idle.signal, "abort"), [], "the signal holds nothing of a call that is over");
  assert.deepEqual(getEventListeners(control.signal, "abort"), []);
});

await step("another codec speaks its own protocol, in binary", async () => {
  const hex = {
    protocol: "zocket.hex",
    encode: (message) => new TextEncoder().encode(Buffer.from(JSON.stringify(message)).toString("hex")),
    decode: (frame) => JSON.parse(Buffer.from(Buffer.from(frame).toString(), "hex").toString()),
  };
  const pong = server.pong;
  server.answer = (data, socket) => {
    const frame = hex.decode(data);
    const answer = frame.type === "__ping"
      ? { type: "__pong" }
      : { type: "__rpc_res", rpcId: frame.rpcId, payload: `${frame.payload} in hex` };
    socket.send(hex.encode(answer));
  };
  const other = createZocketClient(server.url, { codec: hex });
  assert.equal(await other.echo.any("hello"), "hello in hex");
  assert.equal(server.socket.protocol, "zocket.hex");
  other.close();
  server.pong = pong;
});

client.close();
await server.stop();
assert.deepEqual([errors, unhandled], [[], []]);
console.log(summary());
