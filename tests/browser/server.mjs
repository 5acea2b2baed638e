// Starts an example program and talks to it: what both scripts in this folder need.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** Runs `command` with `PORT`, and resolves once it says where it listens. The log goes on to stderr. */
export function startServer(command, port = 0) {
  const [program, ...args] = command;
  const child = spawn(program, args, { env: { ...process.env, PORT: String(port), NO_COLOR: "1" }, stdio: ["ignore", "pipe", "inherit"] });
  process.on("exit", () => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const lines = [];
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    ended.then(({ code, signal }) => reject(new Error(`${program} ended (${code ?? signal}) before it listened`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      process.stderr.write(`    ${line}\n`);
      const found = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line);
      if (!found) return;
      const stop = (signal) => {
        child.kill(signal);
        return ended;
      };
      resolve({ port: Number(found[1]), pid: child.pid, lines, stop });
    });
  });
}

let failed = 0;
let passed = 0;

/** A condition that must hold. The first that does not ends the script, since the rest depends on it. */
export async function step(name, body) {
  try {
    await body();
    passed += 1;
    console.log(`  ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`  FAIL  ${name}`);
    throw error;
  }
}

export const summary = () => `${passed} steps passed, ${failed} failed`;

// Real ones, where a test has a clock of its own.
const { setTimeout } = globalThis;
const { now } = performance;

/**
 * The first value of `look()` that is not false. The deadline is there to end a test that would wait forever, and is no claim
 * of how long something takes: it is for a machine with ten times as much to do as it can.
 */
export async function until(what, look, deadline = 60_000) {
  const end = now.call(performance) + deadline;
  for (let pause = 1;; pause = Math.min(pause * 2, 20)) {
    const found = await look();
    if (found) return found;
    if (now.call(performance) > end) throw new Error(`not within ${deadline / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
