// Unsolicited messages from the server: events, to listeners and iterators, errors that belong to no call, and garbage.
// `node events.mjs` with Node 22, against a scripted server.
import assert from "node:assert/strict";

import { createZocketClient } from "./fixtures/shop.ts";
import { FakeServer, reply, step, summary, until } from "./support.mjs";

const server = await FakeServer.start();
const errors = [];
const client = createZocketClient(server.url, { onError: (error) => errors.push(error) });
await until("open", () => client.$state.status === "open");

/** Errors since the last call, once there are this many. */
async function heard(count) {
  await until(`${count} errors`, () => errors.length >= count);
  return errors.splice(0);
}

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

await step("an async listener whose promise is rejected is told of as one that throws is", async () => {
  const oops = new Error("oops");
  const stop = client.on.stock.length(async () => {
    throw oops;
  });
  const stopOpen = client.onOpen(() => Promise.reject(oops));
  server.send({ type: "stock.length", payload: 5 });
  const [error] = await heard(1);
  assert.deepEqual([error.code, error.cause, client.$state.status], ["LISTENER_FAILED", oops, "open"]);
  client.reconnect();
  assert.equal((await heard(1))[0].cause, oops);
  stop();
  stopOpen();
});

await step("onOpen is about what comes: a connection that is there already is in $state", async () => {
  let opened = 0;
  const stop = client.onOpen(() => (opened += 1));
  await client.ping(undefined, { timeout: 10 }).catch(() => {});
  assert.equal(opened, 0);
  client.reconnect();
  await until("opened", () => opened === 1);
  stop();
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

// The newest connection no longer belongs to the first client: another one for the rest.
client.close();
const again = createZocketClient(server.url, { buffer: 3, onError: (error) => errors.push(error) });
await until("open", () => again.$state.status === "open");
const emit = (payload) => server.send({ type: "stock.length", payload });
/** Once this is answered, everything sent before has been received. */
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

  const late = again.on.stock.length[Symbol.asyncIterator]();
  assert.deepEqual(await late.next(), { value: undefined, done: true }, "one that is begun after close() ends too");
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
  // Possibly from a newer server: not an error.
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

again.close();
await server.stop();
console.log(summary());
