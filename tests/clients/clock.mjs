// Time that passes only when a test says so, so that what a client does after which delay is the same on a busy machine.
import { until } from "./support.mjs";

const { setTimeout: realSetTimeout, clearTimeout: realClearTimeout, Date: { now: realNow } } = globalThis;

/** Replaces `setTimeout`, `clearTimeout` and `Date.now` globally, until `restore()`. Sockets are real, and take no time. */
export class Clock {
  now = realNow();
  #timers = new Set();

  constructor() {
    globalThis.setTimeout = (callback, wait = 0, ...args) => {
      const timer = {
        at: this.now + (Number(wait) || 0),
        run: () => callback(...args),
        ref: () => timer,
        unref: () => timer,
        hasRef: () => true,
        refresh: () => {
          timer.at = this.now + (Number(wait) || 0);
          this.#timers.add(timer);
          return timer;
        },
      };
      this.#timers.add(timer);
      return timer;
    };
    globalThis.clearTimeout = (timer) => this.#timers.delete(timer) || realClearTimeout(timer);
    Date.now = () => this.now;
  }

  /** On to the next timer that is due by then, which runs; or to that time, and `false`. */
  async next(end) {
    const due = [...this.#timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
    if (!due) {
      this.now = Math.max(this.now, end);
      return false;
    }
    this.now = Math.max(this.now, due.at);
    this.#timers.delete(due);
    due.run();
    await new Promise(setImmediate);
    return true;
  }

  /** Whether it comes to be so while no time passes: with what is to run at once, and what the sockets bring. */
  until(what, look) {
    return until(what, async () => {
      await this.pass(0);
      return look();
    });
  }

  /** Lets this much time pass; each timer runs when it is due. */
  async pass(wait) {
    const end = this.now + wait;
    while (await this.next(end));
  }

  /** Lets this much time pass at once, as for a machine that sleeps: timers that were due in between run late. */
  async stall(wait) {
    this.now += wait;
    while (await this.next(this.now));
  }

  restore() {
    globalThis.setTimeout = realSetTimeout;
    globalThis.clearTimeout = realClearTimeout;
    Date.now = realNow;
  }
}

/** Runs a step on its own clock. */
export async function onOwnClock(body) {
  const clock = new Clock();
  try {
    return await body(clock);
  } finally {
    clock.restore();
  }
}
