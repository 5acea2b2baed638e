// What the runtime does when all is well, and when the user, or the server, is not: against a server that does as it is told.
// `node runtime.mjs` with Node 22. What happens to connections is in connection.mjs.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { inspect } from "node:util";

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
/** Errors heard since the last time, once there are as many. */
async function heard(count) {
  await until(`${count} errors`, () => errors.length >= count);
  return errors.splice(0);
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
  assert.deepEqual(invalid.issues, issues);
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
  const failed = await rejection(client.ping(undefined, { timeout: 30 }));
  assert.deepEqual([failed.code, failed.message], ["TIMEOUT", "no answer within 30 ms: ping"]);
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

await step("events reach their listeners in order; an unsubscribed one hears no more", async () => {
  const log = [];
  const stop = client.on.system.announcement(({ text }) => log.push(`a ${text}`));
  const same = ({ text }) => log.push(`b ${text}`);
  const stopOne = client.on.system.announcement(same);
  const stopOther = client.on.system.announcement(same);
  server.send({ type: "system.announcement", payload: { text: "1" } });
  await until("three hear", () => log.length === 3);
  stop();
  stopOne();
  stopOne();
  server.send({ type: "system.announcement", payload: { text: "2" } });
  await until("one hears", () => log.length === 4);
  stopOther();
  assert.deepEqual(log, ["a 1", "b 1", "b 1", "b 2"]);
});

await step("who unsubscribes another, or subscribes, while an event goes round", async () => {
  const log = [];
  const stops = [
    client.on.stock.length(() => {
      log.push("first");
      stops[1]();
      stops.push(client.on.stock.length(() => log.push("new")));
    }),
    client.on.stock.length(() => log.push("second")),
    client.on.stock.length(() => log.push("third")),
  ];
  server.send({ type: "stock.length", payload: 1 });
  await until("third", () => log.includes("third"));
  assert.deepEqual(log, ["first", "third"]);
  for (const stop of stops) stop();
});

await step("a listener that throws does not keep others from hearing, and onError is told", async () => {
  const oops = new Error("oops");
  const log = [];
  const stops = [
    client.on.stock.length(() => {
      throw oops;
    }),
    client.on.stock.length((n) => log.push(n)),
  ];
  server.send({ type: "stock.length", payload: 5 });
  const [error] = await heard(1);
  assert.deepEqual([error.code, error.cause, log], ["LISTENER_FAILED", oops, [5]]);
  for (const stop of stops) stop();
});

await step("without onError, what a listener throws goes to reportError, or to the console", async () => {
  const quiet = createZocketClient(server.url);
  await until("open", () => quiet.$state.status === "open");
  const { error: original } = console;
  const told = [];
  try {
    console.error = (cause) => told.push(["console", cause]);
    quiet.on.stock.length((n) => {
      throw n;
    });
    server.send({ type: "stock.length", payload: 6 });
    await until("console", () => told.length === 1);
    globalThis.reportError = (cause) => told.push(["reportError", cause]);
    server.send({ type: "stock.length", payload: 7 });
    await until("reportError", () => told.length === 2);
  } finally {
    console.error = original;
    delete globalThis.reportError;
  }
  assert.deepEqual(told, [["console", 6], ["reportError", 7]]);
  quiet.close();
});

// The first client is the newest connection's no more: a server of its own for the rest.
client.close();
const again = createZocketClient(server.url, { buffer: 3, onError: (error) => errors.push(error) });
await until("open", () => again.$state.status === "open");
const emit = (payload) => server.send({ type: "stock.length", payload });
/** Once this is answered, everything sent before has been heard. */
const settled = () => {
  server.answer = (frame, socket) => socket.send(reply(frame, "done"));
  return again.ping();
};

await step("an iterator yields events in order, also those that came while it was busy", async () => {
  const seen = [];
  const reading = (async () => {
    for await (const n of again.on.stock.length) {
      seen.push(n);
      await settled();
      if (n === 3) break;
    }
  })();
  for (const n of [1, 2, 3]) emit(n);
  await reading;
  assert.deepEqual(seen, [1, 2, 3]);
});

await step("after break nothing is listened to any more", async () => {
  for (let n = 0; n < 20; n++) emit(n);
  await settled();
  assert.deepEqual(errors, [], "an iterator that listened still would have overflowed");
});

await step("a slow iterator loses its oldest events, and onError hears of it once", async () => {
  const iterator = again.on.stock.length[Symbol.asyncIterator]();
  for (let n = 1; n <= 8; n++) emit(n);
  await settled();
  const [error, ...more] = await heard(1);
  assert.deepEqual([error.code, error.route, more], ["QUEUE_FULL", "stock.length", []]);
  for (const n of [6, 7, 8]) assert.deepEqual((await iterator.next()).value, n);
  for (let n = 1; n <= 5; n++) emit(n);
  await settled();
  assert.equal((await heard(1)).length, 1, "and once more, where it happens again");
  await iterator.return();
  assert.deepEqual(await iterator.next(), { value: undefined, done: true });
});

await step("several may wait at one iterator; return and close end them", async () => {
  const iterator = again.on.stock.length[Symbol.asyncIterator]();
  const waiting = [iterator.next(), iterator.next(), iterator.next()];
  emit(1);
  emit(2);
  assert.deepEqual([(await waiting[0]).value, (await waiting[1]).value], [1, 2]);
  iterator.return();
  assert.equal((await waiting[2]).done, true);
  const other = again.on.stock.length[Symbol.asyncIterator]();
  emit(3);
  await settled();
  const reading = (async () => {
    const seen = [];
    for await (const n of other) seen.push(n);
    return seen;
  })();
  await settled();
  again.close();
  assert.deepEqual(await reading, [3]);
  again.reconnect();
  await until("open", () => again.$state.status === "open");
});

await step("an error of the server that is about no call goes to onError", async () => {
  server.send({ type: "__rpc_err", route: "stock.list", error: { code: "BAD_MESSAGE", message: "no type" } });
  const [error] = await heard(1);
  assert.deepEqual([error.code, error.message, error.route], ["BAD_MESSAGE", "no type", "stock.list"]);
});

await step("garbage is reported, and changes nothing", async () => {
  const garbage = [
    "",
    "{",
    "null",
    "7",
    '"text"',
    "[]",
    "{}",
    '{"type":7}',
    '{"type":null}',
    "\u0000",
    '{"type":"stock.length","payload":1',
    `"${'\\"'.repeat(50_000)}1234567890123456`,
  ];
  for (const frame of garbage) server.send(frame);
  server.socket.send(Buffer.from([1, 2, 3]));
  const told = await heard(garbage.length + 1);
  assert.deepEqual(new Set(told.map((error) => error.code)), new Set(["BAD_MESSAGE"]));
  // Of a newer server, maybe: nothing to complain about.
  for (
    const frame of [
      '{"type":"stock.unheard"}',
      '{"type":"__news"}',
      '{"type":"__rpc_res","rpcId":"77"}',
      '{"type":"__rpc_err","rpcId":"77"}',
      '{"type":"__proto__","payload":{}}',
      '{"type":"constructor"}',
      '{"type":"__rpc_res"}',
    ]
  ) server.send(frame);
  assert.equal(await settled(), "done");
  assert.deepEqual([errors, again.$state.status], [[], "open"]);
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

again.close();
await server.stop();
assert.deepEqual(unhandled, []);
console.log(summary());
