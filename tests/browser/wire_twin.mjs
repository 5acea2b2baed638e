// A client that behaves on the wire as @zocket/client 0.1.0 does, driving examples/announce.rs:
// `node wire_twin.mjs <server program> [arguments]`. tests/programs/wire_twin.rs runs it.
//
// Written from the protocol's description: the package itself is not published where CI can reach it. What this client
// sees defines compatibility; it knows nothing about what zocket in Rust adds.
import assert from "node:assert/strict";

import WebSocket from "ws";

import { startServer, step, summary } from "./server.mjs";

const VERSION = "0.1.0";
const GIVES_UP_AFTER = 60_000;

/** The client: headers in the query, an rpcId on every call, unknown types ignored. */
class Client {
  #socket;
  #listeners = new Map();
  #calls = new Map();
  #next = 0;
  frames = [];

  static connect(port, headers = {}) {
    const client = new Client();
    const query = new URLSearchParams({ ...headers, "x-zocket-version": VERSION });
    client.#socket = new WebSocket(`ws://127.0.0.1:${port}/ws?${query}`, { perMessageDeflate: false });
    client.#socket.on("message", (data, isBinary) => client.#receive(data, isBinary));
    return new Promise((resolve, reject) => {
      client.#socket.once("open", () => resolve(client));
      client.#socket.once("error", reject);
    });
  }

  #receive(data, isBinary) {
    assert.equal(isBinary, false, "frames are text");
    const frame = JSON.parse(data.toString());
    this.frames.push(frame);
    const { type, payload, rpcId } = frame;
    if (type === "__rpc_res") {
      this.#calls.get(rpcId)?.(payload);
      this.#calls.delete(rpcId);
    } else {
      for (const listener of this.#listeners.get(type) ?? []) listener(payload);
    }
  }

  /** Every call has an rpcId, whether or not anybody waits for the answer. */
  call(type, payload, patience = GIVES_UP_AFTER) {
    const rpcId = (this.#next++).toString(36) + Math.random().toString(36).slice(2);
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#calls.delete(rpcId);
        reject(new Error("RPC timeout"));
      }, patience);
      this.#calls.set(rpcId, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      this.#socket.send(JSON.stringify({ type, payload, rpcId }));
    });
  }

  on(type, listener) {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  /** The payload of the next event of this type for which `wanted` holds. */
  once(type, wanted = () => true) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`no ${type} within ${GIVES_UP_AFTER / 1000} s`)), GIVES_UP_AFTER);
      this.on(type, (payload) => {
        if (!wanted(payload)) return;
        clearTimeout(late);
        resolve(payload);
      });
    });
  }

  close() {
    const closed = new Promise((resolve) => this.#socket.once("close", (code) => resolve(code)));
    this.#socket.close();
    return closed;
  }

  get ended() {
    return new Promise((resolve) => this.#socket.once("close", (code, reason) => resolve({ code, reason: String(reason) })));
  }
}

const says = (text) => (payload) => payload.text === text;
const server = await startServer(process.argv.slice(2));
try {
  let caller, other;

  await step("connects, with its headers and its version in the query", async () => {
    caller = await Client.connect(server.port, { authorization: "Bearer ünïcode & more" });
    other = await Client.connect(server.port);
  });

  await step("an event that nobody asked for arrives: the server's own tick", async () => {
    const tick = await other.once("system.announcement", says("Tick"));
    assert.deepEqual(tick, { text: "Tick" });
  });

  await step("a call is announced to everybody, the caller included", async () => {
    const heard = [caller, other].map((client) => client.once("system.announcement", says("Hello from TypeScript's twin 👋")));
    await caller.call("system.announce", { text: "Hello from TypeScript's twin 👋" });
    assert.deepEqual(await Promise.all(heard), Array(2).fill({ text: "Hello from TypeScript's twin 👋" }));
  });

  await step("the reply to a handler that returns nothing has no payload", () => {
    const [reply] = caller.frames.filter(({ type }) => type === "__rpc_res");
    assert.deepEqual(Object.keys(reply).sort(), ["rpcId", "type"]);
  });

  await step("an event has a type and a payload and nothing else", () => {
    for (const frame of other.frames) assert.deepEqual(Object.keys(frame).sort(), ["payload", "type"]);
  });

  await step("calls are answered one by one, in order", async () => {
    const before = other.frames.length;
    const texts = Array.from({ length: 50 }, (_, n) => `in order ${n}`);
    const last = other.once("system.announcement", says(texts.at(-1)));
    await Promise.all(texts.map((text) => caller.call("system.announce", { text })));
    await last;
    const heard = other.frames.slice(before).map(({ payload }) => payload.text).filter((text) => text !== "Tick");
    assert.deepEqual(heard, texts);
  });

  await step("what the server refuses it does not answer in a way that this client knows, and goes on", async () => {
    const answered = [];
    const refused = [
      ["system.announce", { text: "" }],
      ["system.announce", { text: "x".repeat(281) }],
      ["system.announce", { text: 5 }],
      ["system.announce", {}],
      ["system.announce", undefined],
      ["system.nowhere", { text: "x" }],
      ["", null],
    ];
    const calls = refused.map(([type, payload]) => caller.call(type, payload, 1_000).then(() => answered.push(type), () => {}));
    const heard = other.once("system.announcement", says("still here"));
    await caller.call("system.announce", { text: "still here" });
    await heard;
    // One connection's messages are handled in order: all refusals have come before this answer.
    assert.deepEqual(answered, []);
    const refusals = caller.frames.filter(({ type }) => type === "__rpc_err");
    assert.deepEqual(refusals.map(({ error }) => error.code), [...Array(5).fill("INVALID_PAYLOAD"), "UNKNOWN_ROUTE", "UNKNOWN_ROUTE"]);
    await Promise.all(calls); // each gives up, as it does against its own server (after ten seconds there)
    assert.deepEqual(answered, []);
  });

  await step("text at the limits of the schema passes: 280 characters, of any kind", async () => {
    for (const text of ["x", "y".repeat(280), "🦀".repeat(280)]) {
      const heard = other.once("system.announcement", says(text));
      await caller.call("system.announce", { text });
      await heard;
    }
  });

  await step("a close is answered with a close", async () => {
    assert.equal(await other.close(), 1005);
  });

  await step("a server that ends says so first, and ends well", async () => {
    const { ended } = caller;
    const exit = server.stop("SIGTERM");
    assert.equal((await ended).code, 1012);
    assert.deepEqual(await exit, { code: 0, signal: null });
  });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await server.stop("SIGKILL");
  console.log(summary());
}
