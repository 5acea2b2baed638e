// What the scripts of this folder need besides tests/browser/server.mjs: a scripted server, and small helpers.
import { spawn } from "node:child_process";
import { resolve } from "node:path";

import { WebSocketServer } from "ws";

export { startServer, step, summary, until } from "../browser/server.mjs";

/** A server on a free port that answers pings and nothing else, unless `answer` says so. */
export class FakeServer {
  /** Every connection so far, and every frame that is no ping, parsed. Each connection has its own too. */
  connections = [];
  frames = [];
  pings = 0;
  /** What to do with a frame: (frame, socket) => … */
  answer = () => {};
  /** What to do with a ping: by default what our server does. */
  pong = (socket) => socket.send('{"type":"__pong"}');
  /** What to do with a connection. */
  welcome = () => {};

  static async start(prepare = () => {}, port = 0) {
    const server = new FakeServer();
    prepare(server);
    server.listening = new WebSocketServer({ host: "127.0.0.1", port });
    server.listening.on("connection", (socket, request) => {
      socket.asked = new URL(request.url, "ws://127.0.0.1");
      socket.frames = [];
      server.connections.push(socket);
      socket.on("message", (data, isBinary) => {
        const frame = isBinary ? data : JSON.parse(data.toString());
        if (frame.type === "__ping") {
          server.pings += 1;
          return server.pong(socket);
        }
        server.frames.push(frame);
        socket.frames.push(frame);
        server.lastText = data.toString();
        server.answer(frame, socket);
      });
      server.welcome(socket);
    });
    await new Promise((resolve) => server.listening.once("listening", resolve));
    return server;
  }

  get url() {
    return `ws://127.0.0.1:${this.listening.address().port}/ws`;
  }

  /** The newest connection. */
  get socket() {
    return this.connections.at(-1);
  }

  /** To everybody. */
  send(message) {
    for (const socket of this.listening.clients) {
      socket.send(typeof message === "string" ? message : JSON.stringify(message));
    }
  }

  /** Cuts all connections without a close frame, like a crash. */
  cut() {
    for (const socket of this.listening.clients) socket.terminate();
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.listening.close(resolve));
  }
}

/** The answer that a handler's reply makes. */
export const reply = (frame, payload) => JSON.stringify({ type: "__rpc_res", rpcId: frame.rpcId, payload });

/** What a promise is rejected with. */
export async function rejection(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`not rejected, but ${JSON.stringify(value)}`);
}

/** Resolves at the first call of the returned function. */
export function once() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return Object.assign((value) => resolve(value), { promise });
}

/**
 * What `deed` answers, done as soon as the client is without a connection. On a busy machine whoever asks the client for its state
 * now and then may find it back already.
 */
export function whenAway(client, deed) {
  return new Promise((resolve) => {
    const stop = client.onClose(() => {
      stop();
      resolve(deed());
    });
  });
}

/** The same numbers for the same seed, evenly spread over 0 to 1 (mulberry32). */
export function seeded(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A program that a package brings. */
export const bin = (name) => resolve("node_modules/.bin", name);

/** Runs a scenario in a program, to its end. That it ends by itself shows that a closed client holds no resources. */
export function tellIn(program, args) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => {
    printed += data;
    process.stdout.write(data);
  });
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code, signal) => {
      if (code === 0 && / steps passed, 0 failed/.test(printed)) done();
      else failed(new Error(`${program} ended with ${code ?? signal}`));
    });
  });
}
