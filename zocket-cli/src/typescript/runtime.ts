// The runtime: everything below is the same for every contract. It needs nothing but a standard WebSocket.
//
// What the generated part adds to it, in the same file:
//
//   export interface Calls { system: { announce: Call<Announce, void, Failures> } }   Failures: a union of `Failure`s, or never
//   export interface Events { system: { announcement: Listener<Announcement> } }
//   export interface Headers { "user-name"?: string }
//   export interface RouteCalls { "system.announce": Call<Announce, void, Failures>; "close.now": Call<void> }      every call
//   export interface RouteEvents { "system.announcement": Listener<Announcement> }                                 every event
//   export type ZocketClient = Client<Calls, Events, RouteCalls, RouteEvents>;
//   export const contract: Contract = { hash: "…", calls: ["close.now", "system.announce"], events: ["system.announcement"] };
//   export function createZocketClient(url: string | URL, options?: ClientOptions<Headers>): ZocketClient {
//     return connect<ZocketClient>(contract, url, options);                   (no `?` where a header is required)
//   }
//   export function isZocketError(error: unknown): error is ErrorIn<RouteCalls> {
//     return error instanceof ZocketError;
//   }
//
// Left off `Calls` and `Events`, and reached by `client.$calls["the.route"]` and `client.$events["the.route"]` alone: what
// begins with a name that a client has itself (on, onOpen, onClose, onError, close, reconnect, readyState, lastError, and names
// that begin with `$`; calls only), a route whose last name is `then` (a promise would call it), and `a.b.try` where `a.b` is a
// route too, each with what is below it. A route that is also a namespace is both: `b: Call<X> & { c: Call<Y> }`.

/** An integer of 64 bits or more: a `number` where that is exact, a `bigint` where it would not be. Send either. */
export type Integer = number | bigint;

/** One way in which a payload is not as the contract wants it. `path` is a JSON pointer, `keyword` the schema's. */
export interface ZocketIssue {
  readonly path: string;
  readonly message: string;
  readonly keyword: string;
}

/** What a handler itself may answer instead of a reply. */
export interface Failure {
  readonly code: string;
  readonly data?: unknown;
}

/** What any call may fail with, whatever its handler does. */
export type BuiltInFailure =
  /** The payload is not as the contract wants it: `issues` has all that is wrong. */
  | { readonly code: "INVALID_PAYLOAD"; readonly issues: readonly ZocketIssue[] }
  /** The server refused the connection. `status` is the HTTP status that it would have answered with. */
  | { readonly code: RefusalCode; readonly status: number }
  | { readonly code: ServerCode | ClientCode };

/**
 * Why a connection was refused. UPGRADE_REQUIRED: the server no longer speaks the contract that this file was made from.
 * REFUSED: for another reason, see `status`. The client comes back by itself after 408, 429 and from 500 on, and after 401
 * where `headers` is a function.
 */
export type RefusalCode = "UPGRADE_REQUIRED" | "UNAUTHORIZED" | "FORBIDDEN" | "INVALID_HEADERS" | "REFUSED";

/** What the server itself answers to a call. TIMEOUT may come from either side. */
export type ServerCode = "BAD_MESSAGE" | "UNKNOWN_ROUTE" | "TOO_LARGE" | "RATE_LIMITED" | "OVERLOADED" | "INTERNAL";

/**
 * What this client says by itself.
 * - TIMEOUT: no answer in time. The handler may have run.
 * - ABORTED: by its `AbortSignal`, whose reason is the `cause`. The handler may have run.
 * - CONNECTION_LOST: the connection went while the call was under way. It is not sent again: the handler may have run.
 * - NOT_CONNECTED: there is no connection, and by the options no wait for one. CLOSED: `close()` was called.
 * - QUEUE_FULL: too many calls wait for a connection, or an async iterator was read too slowly and lost its oldest event.
 * - HEADERS_FAILED: the `headers` function threw. LISTENER_FAILED: a callback threw. Both have the `cause`.
 */
export type ClientCode =
  | "TIMEOUT"
  | "ABORTED"
  | "CONNECTION_LOST"
  | "NOT_CONNECTED"
  | "CLOSED"
  | "QUEUE_FULL"
  | "HEADERS_FAILED"
  | "LISTENER_FAILED";

/** The error of a call whose handler fails with `Own`. Comparing `code` narrows it: `issues`, `data` and `status` follow. */
export type CallError<Own extends Failure = never> = Narrowed<BuiltInFailure> | Narrowed<Own>;
type Narrowed<F> = F extends unknown ? ZocketError & F : never;

/** The errors of all calls of a contract together. */
export type ErrorIn<Calls> = CallError | OwnErrors<Calls>;
type OwnErrors<T> =
  | (T extends { try(...args: never): Promise<{ ok: true } | { ok: false; error: infer E }> } ? E : never)
  | (T extends object ? { [Name in keyof T]: OwnErrors<T[Name]> }[keyof T] : never);

type Why =
  & { code: string; message: string; cause?: unknown }
  & Partial<Pick<ZocketError, "data" | "issues" | "status">>;

/** Every rejection of a call, and everything that `onError` hears of. */
export class ZocketError extends Error {
  override readonly name = "ZocketError";
  readonly code: string;
  /** The call's or event's, where it is about one. */
  declare readonly route?: string;
  /** With INVALID_PAYLOAD. */
  declare readonly issues?: readonly ZocketIssue[];
  /** What the handler's own error carries. */
  declare readonly data?: unknown;
  /** With a refused connection: the HTTP status. */
  declare readonly status?: number;

  constructor({ code, message, cause, issues, data, status }: Why, route?: string) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    if (route !== undefined) this.route = route;
    if (code === "INVALID_PAYLOAD") this.issues = issues ?? [];
    if (data !== undefined) this.data = data;
    if (status !== undefined) this.status = status;
  }
}

export interface CallOptions {
  /** Milliseconds, the wait for a connection included. `Infinity`: no limit. Default: the client's, 10,000. */
  timeout?: number | undefined;
  /** Gives the call up. What the server has begun, it ends. */
  signal?: AbortSignal | undefined;
}

export type CallResult<Reply, Own extends Failure = never> =
  | { readonly ok: true; readonly value: Reply }
  | { readonly ok: false; readonly error: CallError<Own> };

type CallArguments<Payload> = [Payload] extends [void] ? [payload?: undefined, options?: CallOptions]
  : undefined extends Payload ? [payload?: Payload, options?: CallOptions]
  : [payload: Payload, options?: CallOptions];

/**
 * A call. It is sent at once, and awaiting it is a choice: where nobody awaits it, a failure is silent (`debug` logs it).
 * Without a connection it waits for one, in order, within its timeout; see `queue` of the options.
 */
export interface Call<Payload, Reply = void, Own extends Failure = never> {
  /** Rejects with a `ZocketError`, never with anything else. */
  (...args: CallArguments<Payload>): Promise<Reply>;
  /** The same call, with its failures as values: never rejects, and `error` has this call's own codes. */
  try(...args: CallArguments<Payload>): Promise<CallResult<Reply, Own>>;
}

/** An event: call it with a callback, which is heard until the returned function is called, or iterate over it. */
export interface Listener<Payload> {
  (callback: (payload: Payload) => void): () => void;
  /**
   * `for await (const payload of client.on.a.b)`: listens until `break`. Events wait, up to `buffer` of the options; then the
   * oldest is dropped, and `onError` hears QUEUE_FULL. Ends with `close()`; throws where the client stops for another reason.
   */
  [Symbol.asyncIterator](): AsyncIterator<Payload, undefined> & AsyncIterable<Payload>;
}

/** `closed`: comes back by itself, at `retryAt`. `stopped`: not before `reconnect()`. */
export interface ZocketState {
  readonly status: "connecting" | "open" | "closed" | "stopped";
  readonly lastError: ZocketError | null;
  /** The time of the next attempt, as `Date.now()` has it. Null unless `closed`. */
  readonly retryAt: number | null;
}

/** How a connection ended: the WebSocket's close code and reason. 1006: without a word. */
export interface ZocketClose {
  readonly code: number;
  readonly reason: string;
}

/** What a client can do besides its calls. */
export interface ClientBase<Events, RouteCalls = unknown, RouteEvents = unknown> {
  /** The events of the contract. Each is the same function every time. */
  readonly on: Events;
  /** Connected: the server has answered. As the next three, returns a function that unsubscribes. */
  onOpen(callback: () => void): () => void;
  /** A connection, or an attempt at one, has ended other than by `reconnect()`. It is not called to make you reconnect. */
  onClose(callback: (close: ZocketClose) => void): () => void;
  /** What no call can tell: connections lost and refused, frames that nobody understands, listeners that throw. */
  onError(callback: (error: ZocketError) => void): () => void;
  /** Ends the connection, its calls and iterators, for good: until `reconnect()`. Callbacks stay. */
  close(): void;
  /** Connects anew at once, whatever there is. Asks for the headers again. */
  reconnect(): void;
  /** The socket's: 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Why there was no connection, the last time. Null once there is one. */
  readonly lastError: ZocketError | null;
  /** A new object for each change, so that it can be compared. */
  readonly $state: ZocketState;
  $onState(callback: (state: ZocketState) => void): () => void;
  /** All calls and events by their whole route, also those whose names clash with the ones above. */
  readonly $calls: RouteCalls;
  readonly $events: RouteEvents;
}

export type Client<Calls, Events, RouteCalls = unknown, RouteEvents = unknown> =
  & Calls
  & ClientBase<Events, RouteCalls, RouteEvents>;

/** Times are in milliseconds. */
export interface ClientOptions<Headers = object> {
  /** Sent with the handshake, in the URL's query. A function is asked anew for each attempt, and waited for: for tokens, say. */
  headers?: Headers | (() => Headers | Promise<Headers>) | undefined;
  /** Of a call, where it has none itself. Default 10,000. */
  timeout?: number | undefined;
  /** How many calls may wait for a connection. 0: none, they reject with NOT_CONNECTED at once. Default 100. */
  queue?: number | undefined;
  /** How many events may wait in each async iterator. Default 1,000. */
  buffer?: number | undefined;
  /**
   * The n-th attempt in a row waits a random time between 0 and `base` * 2^n, at most `cap`: clients that lost the same server
   * come back spread out. A connection that lasted `stable` starts the count anew. Defaults 1,000, 30,000, 5,000.
   */
  reconnect?: boolean | { base?: number; cap?: number; stable?: number; random?: () => number } | undefined;
  /** `false` waits for `reconnect()` before the first connection: on a server that renders pages, say. */
  connect?: boolean | undefined;
  /** Where nothing arrived for this long, the server is asked whether it is there. 0: never. Default 30,000. */
  heartbeat?: number | undefined;
  /** How long the server may take to accept a connection, and to say that it is there. Default 10,000. */
  patience?: number | undefined;
  /** Logs what is sent, received and decided. */
  debug?: boolean | undefined;
  /** Where there is none: in Node 20 the one of the package `ws`. */
  WebSocket?: WebSocketClass | undefined;
  /** How messages are written, where the server speaks that as well. Default, and otherwise: JSON. */
  codec?: ZocketCodec | undefined;
  onOpen?: (() => void) | undefined;
  onClose?: ((close: ZocketClose) => void) | undefined;
  onError?: ((error: ZocketError) => void) | undefined;
}

/**
 * `protocol` is what the server is asked to speak, as a WebSocket subprotocol. JSON is offered beside it: where the server takes
 * that instead, `decode` must read what `encode` wrote, and the client writes it anew as JSON.
 */
export interface ZocketCodec {
  readonly protocol?: string;
  encode(message: unknown): string | Uint8Array;
  decode(frame: string | ArrayBuffer): unknown;
}

/** As much of the standard WebSocket as is used. */
export interface WebSocketLike {
  readonly readyState: number;
  readonly protocol: string;
  binaryType: string;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
  send(data: never): void; // string | Uint8Array, which the type of each surroundings writes differently
  close(code?: number): void;
}
export type WebSocketClass = new (url: string, protocols?: string | string[]) => WebSocketLike;

/** Which contract this is, and its routes. */
export interface Contract {
  readonly hash: string;
  readonly calls: readonly string[];
  readonly events: readonly string[];
}

// ---- JSON, with integers to the last digit ----
// JavaScript's own JSON rounds beyond 2^53. So, in the few messages that have such an integer, it stands in a table, and the
// smallest numbers there are stand for it: 5e-324 for the first entry, 1e-323 for the second. Numbers as small as that, and
// zero, have entries too, so that none is taken for another.

const smallest = 5e-324;
const isEntry = (value: unknown) => typeof value === "number" && Math.abs(value) < 2 ** -1022;

/** The JSON text, each number outside its strings replaced. */
function mapNumbers(text: string, replace: (digits: string) => string): string {
  let isInString = false;
  return text.replace(/"|\\.|-?\d[\d.eE+-]*/g, (token) => {
    if (token === '"') isInString = !isInString;
    return isInString || !/\d/.test(token) ? token : replace(token);
  });
}

const json: ZocketCodec = {
  encode(message) {
    // A page may have given bigint a toJSON, as some do: it must not decide here.
    if (!("toJSON" in BigInt.prototype)) {
      try {
        return JSON.stringify(message);
      } catch {
        // A bigint, or nothing that JSON has: the second try tells.
      }
    }
    const table: unknown[] = [];
    const text = JSON.stringify(message, function (this: Record<string, unknown>, key, value: unknown) {
      const exact = typeof this[key] === "bigint" ? this[key] : value;
      return typeof exact === "bigint" || isEntry(exact) ? table.push(exact) * smallest : value;
    });
    return mapNumbers(text, (digits) => (isEntry(+digits) ? `${table[+digits / smallest - 1]}` : digits));
  },

  decode(frame) {
    const text = String(frame);
    const message: unknown = JSON.parse(text);
    if (!/\d{16}/.test(text)) return message;
    const table: unknown[] = [];
    const marked = mapNumbers(text, (digits) => {
      const isBig = /^-?\d{16,}$/.test(digits) && !Number.isSafeInteger(+digits);
      return isBig || isEntry(+digits) ? `${table.push(isBig ? BigInt(digits) : +digits) * smallest}` : digits;
    });
    return JSON.parse(marked, (_, value: number) => (isEntry(value) ? table[value / smallest - 1] : value));
  },
};

// ---- Small parts ----

/** What of the surroundings is used where it is there: not every one has a page, or a window. */
const surroundings = globalThis as unknown as {
  WebSocket?: WebSocketClass;
  location?: { href: string };
  document?: Wakeful & { visibilityState: string };
  reportError?: (error: unknown) => void;
} & Partial<Wakeful>;
type Wakeful = Record<"addEventListener" | "removeEventListener", (type: string, listener: () => void) => void>;

/** Callbacks. One that throws does not keep the others from hearing. */
function callbacks<Value>(failed: (cause: unknown) => void) {
  const all = new Set<(value: Value) => void>();
  return {
    all,
    add(callback: (value: Value) => void) {
      const one = (value: Value) => callback(value); // so that adding it twice is two, each with its own end
      all.add(one);
      return () => void all.delete(one);
    },
    tell(value: Value) {
      for (const one of [...all]) {
        try {
          if (all.has(one)) one(value);
        } catch (cause) {
          failed(cause);
        }
      }
    },
  };
}

/** Hangs a leaf for each route into `root`, names that it has already left alone, and returns all leaves by route. */
function plant(root: object, routes: readonly string[], leaf: (route: string) => object): object {
  const put = (where: object, name: string, value: object) =>
    Object.defineProperty(where, name, { value, enumerable: true, configurable: true });
  const nodes = new Map<string, object>();
  const flat = {};
  for (const route of [...routes].sort()) {
    let parent = root;
    let path = "";
    for (const name of route.split(".")) {
      path += path && ".";
      path += name;
      let node = nodes.get(path);
      if (!node) {
        const isLeaf = path === route; // sorted, so it comes before what is below it
        node = isLeaf ? leaf(route) : {};
        nodes.set(path, node);
        const isTaken = parent === root ? Object.hasOwn(root, name) : name === "try" && typeof parent === "function";
        if (!isTaken && !(isLeaf && name === "then")) put(parent, name, node);
        if (isLeaf) put(flat, route, node);
      }
      parent = node;
    }
  }
  return flat;
}

// ---- The client ----

const refusals: Record<number, RefusalCode> = {
  400: "INVALID_HEADERS",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  426: "UPGRADE_REQUIRED",
};

/** Connects, and stays connected. Throws where the URL is none, or where there is no WebSocket. */
export function connect<SomeClient>(contract: Contract, url: string | URL, options: ClientOptions = {}): SomeClient {
  const { headers, timeout = 10_000, queue = 100, buffer = 1_000, heartbeat = 30_000, patience = 10_000 } = options;
  const { codec = json, WebSocket = surroundings.WebSocket } = options;
  const isPatient = options.reconnect !== false;
  const backoff = { base: 1_000, cap: 30_000, stable: 5_000, random: Math.random, ...(options.reconnect as object) };
  const address = new URL(url, surroundings.location?.href);
  address.protocol = address.protocol.replace("http", "ws");

  const log = (...what: unknown[]) => options.debug && console.debug("zocket:", ...what);
  const report = (error: ZocketError) => {
    log(error);
    errors.tell(error);
  };
  const shout = (cause: unknown) => (surroundings.reportError ?? console.error)(cause);
  const listenerFailed = (cause: unknown) =>
    errors.all.size
      ? report(new ZocketError({ code: "LISTENER_FAILED", message: `a listener threw: ${cause}`, cause }))
      : shout(cause);
  const errors = callbacks<ZocketError>(shout);
  const opens = callbacks<void>(listenerFailed);
  const closes = callbacks<ZocketClose>(listenerFailed);
  const states = callbacks<ZocketState>(listenerFailed);
  if (options.onOpen) opens.add(options.onOpen);
  if (options.onClose) closes.add(options.onClose);
  if (options.onError) errors.add(options.onError);

  // -- Calls: in the order made. Those not yet sent are the queue. --

  interface Pending {
    readonly route: string;
    readonly frame: string | Uint8Array;
    isSent: boolean;
    succeed(reply: unknown): void;
    fail(why: Why): void;
  }
  const pending = new Map<unknown, Pending>();
  let lastId = 0;

  const call = (route: string, payload?: unknown, { timeout: limit = timeout, signal }: CallOptions = {}) => {
    const answer = new Promise<unknown>((resolve, reject) => {
      const rpcId = (++lastId).toString(36);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const settle = () => {
        pending.delete(rpcId);
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      const fail = (why: Why) => {
        settle();
        const error = new ZocketError(why, route);
        log(error);
        reject(error);
      };
      const abort = () => fail({ code: "ABORTED", message: `the call of ${route} was aborted`, cause: signal?.reason });

      if (signal?.aborted) return abort();
      if (stopped) return fail(stopped);
      let frame;
      try {
        frame = codec.encode({ type: route, payload, rpcId });
      } catch (cause) {
        return fail({ code: "BAD_MESSAGE", message: `the payload of ${route} cannot be written: ${cause}`, cause });
      }
      const one: Pending = {
        route,
        frame,
        isSent: false,
        succeed: (reply) => {
          settle();
          resolve(reply);
        },
        fail,
      };
      if (!isUp()) {
        if (!queue) return fail({ code: "NOT_CONNECTED", message: `${route} was not sent: there is no connection` });
        let waiting = 0;
        for (const other of pending.values()) if (!other.isSent) waiting++;
        if (waiting >= queue) {
          return fail({ code: "QUEUE_FULL", message: `${waiting} calls wait for a connection already` });
        }
      }
      pending.set(rpcId, one);
      if (limit < 2 ** 31) {
        const late = () =>
          fail({
            code: "TIMEOUT",
            message: `${one.isSent ? "no answer" : "no connection"} within ${limit} ms: ${route}`,
          });
        timer = setTimeout(late, limit);
      }
      signal?.addEventListener("abort", abort);
      if (isUp()) transmit(one);
    });
    answer.catch(() => {}); // whoever awaits it gets it all the same
    return answer;
  };
  const transmit = (one: Pending) => {
    log("sent", one.frame);
    one.isSent = true;
    try {
      write(one.frame);
    } catch (cause) {
      one.fail({ code: "BAD_MESSAGE", message: `the payload of ${one.route} cannot be written: ${cause}`, cause });
    }
  };
  const callable = (route: string) =>
    Object.assign(call.bind(null, route), {
      try: (payload?: unknown, options?: CallOptions) =>
        call(route, payload, options).then(
          (value) => ({ ok: true, value }),
          (error: unknown) => ({ ok: false, error }),
        ),
    });

  // -- Events --

  const listeners = new Map<string, ReturnType<typeof callbacks<unknown>>>();
  /** The running iterators: each ends with the client. */
  const iterators = new Set<(error?: ZocketError) => void>();

  const listener = (route: string) => {
    const heard = callbacks<unknown>(listenerFailed);
    listeners.set(route, heard);
    return Object.assign((callback: (payload: unknown) => void) => heard.add(callback), {
      [Symbol.asyncIterator]: () => iterate(route, heard.add),
    });
  };
  const iterate = (route: string, listen: (callback: (payload: unknown) => void) => () => void) => {
    type Step = IteratorResult<unknown, undefined>;
    const events: unknown[] = [];
    const readers: { resolve(step: Step): void; reject(error: ZocketError): void }[] = [];
    let isSlow = false;
    let failure: ZocketError | undefined;
    const unlisten = listen((value) => {
      const reader = readers.shift();
      if (reader) return reader.resolve({ value });
      if (events.push(value) <= buffer) return;
      events.shift();
      const why = { code: "QUEUE_FULL", message: `${route} is read too slowly: events are lost` };
      if (!isSlow) report(new ZocketError(why, route));
      isSlow = true;
    });
    const end = (error?: ZocketError) => {
      unlisten();
      if (!iterators.delete(end)) return;
      failure = error;
      for (const { resolve, reject } of readers.splice(0)) {
        error ? reject(error) : resolve({ value: undefined, done: true });
      }
    };
    iterators.add(end);
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () =>
        new Promise<Step>((resolve, reject) => {
          if (events.length) {
            resolve({ value: events.shift() });
            isSlow &&= events.length > 0;
          } else if (iterators.has(end)) readers.push({ resolve, reject });
          else if (failure) {
            reject(failure);
            failure = undefined;
          } else resolve({ value: undefined, done: true });
        }),
      return: async (): Promise<Step> => {
        end();
        events.length = 0;
        return { value: undefined, done: true };
      },
    };
  };

  const receive = (frame: string | ArrayBuffer) => {
    let message;
    try {
      message = spoken.decode(frame) as { type: string; payload: unknown; rpcId: unknown; error: object; route: string };
      log("received", message);
      const { type, payload, rpcId, error, route } = message;
      if (type === "__rpc_res") return pending.get(rpcId)?.succeed(payload);
      if (type === "__rpc_err") {
        const why = { code: "INTERNAL", message: "the server failed", ...error };
        if (rpcId !== undefined) return pending.get(rpcId)?.fail(why);
        // A server that does not know pings says so, and is there.
        if (route !== ping) report(new ZocketError(why, route));
        return;
      }
      if (type.startsWith("__")) return;
      return listeners.get(type)?.tell(payload);
    } catch (cause) {
      report(new ZocketError({ code: "BAD_MESSAGE", message: `a frame that is no message: ${cause}`, cause }));
    }
  };

  // -- The connection: one socket at a time. What an earlier one still says is not listened to. --

  const ping = "__ping";
  let socket: WebSocketLike | undefined;
  /** The socket is open. Whether the server took the client, only its first frame tells: see `lost`. */
  let isOpened = false;
  let openedAt = 0; // when that frame came; 0: it has not
  let heardAt = 0;
  /** How often the server was asked for a sign of life that has not come. */
  let asked = 0;
  let dueAt = 0;
  let failures = 0; // attempts in a row that did not last
  let round = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let lifeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Why no calls are taken, and nothing is tried. */
  let stopped: Why | undefined = { code: "CLOSED", message: "the client is closed; help: call reconnect()" };
  let state: ZocketState = { status: "stopped", lastError: null, retryAt: null };

  /** What the server has chosen to speak. */
  let spoken = codec;

  const write = (frame: string | Uint8Array) => {
    // Read by its own codec, so that a call means what it meant when it was made, whatever became of its payload since.
    if (spoken !== codec) frame = json.encode(codec.decode(typeof frame === "string" ? frame : frame.slice().buffer));
    socket?.send(frame as never);
  };
  const isUp = () => isOpened && socket?.readyState === 1;
  const become = (status: ZocketState["status"], lastError = state.lastError, retryAt: number | null = null) => {
    log(status);
    state = { status, lastError, retryAt };
    states.tell(state);
  };

  const begin = () => {
    if (!WebSocket) {
      throw new TypeError("there is no WebSocket here; help: pass one as an option, in Node 20 that of `ws`");
    }
    leave();
    if (stopped) listenForWake("addEventListener");
    stopped = undefined;
    const mine = round;
    const failed = (code: string, cause: unknown) => {
      if (mine === round) {
        lost({ code: 1006, reason: "" }, { code, message: `no connection could be tried: ${cause}`, cause });
      }
    };
    const dial = (values?: object) => {
      if (mine !== round) return;
      const target = new URL(address);
      const own = { "x-zocket-version": "0.1.0", "x-zocket-contract": contract.hash, "x-zocket-refusal": "close" };
      for (const [name, value] of Object.entries({ ...values, ...own })) {
        if (value != null) target.searchParams.set(name, value);
      }
      try {
        attach(new WebSocket(target.href, codec.protocol ? [codec.protocol, "zocket.json"] : []));
      } catch (cause) {
        failed("NOT_CONNECTED", cause);
      }
    };
    become("connecting");
    if (typeof headers !== "function") return dial(headers);
    const given = Promise.resolve().then(headers as () => object);
    given.then(dial, (cause) => failed("HEADERS_FAILED", cause));
  };

  const attach = (fresh: WebSocketLike) => {
    socket = fresh;
    fresh.binaryType = "arraybuffer";
    asked = 1; // to accept the connection is the first sign of life
    watch(patience);
    let cause: unknown;
    fresh.onopen = () => {
      isOpened = true;
      spoken = codec.protocol && fresh.protocol !== codec.protocol ? json : codec;
      write(codec.encode({ type: ping }));
      for (const one of pending.values()) if (!one.isSent) transmit(one);
    };
    fresh.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
      heardAt = Date.now();
      if (asked) {
        asked = 0;
        clearTimeout(lifeTimer);
        if (heartbeat) watch(heartbeat);
      }
      if (!openedAt) {
        openedAt = heardAt;
        become("open", null);
        if (socket === fresh) opens.tell();
      }
      if (socket === fresh) receive(data);
    };
    fresh.onerror = (event: { error?: unknown; message?: unknown }) => {
      cause = event.error ?? event.message;
      // Node's own forgets to close what never opened.
      if (!isOpened) setTimeout(() => fresh.onclose?.({ code: 1006, reason: "" } as never));
    };
    fresh.onclose = ({ code: given, reason }: ZocketClose) => {
      const code = given || 1006; // Deno says 0
      const status = code - 3000;
      const tail = reason && `: ${reason}`;
      const isRefusal = status >= 400 && status < 600;
      // 1000 and 1001 are no errors: the server has said goodbye.
      const isGoodbye = code === 1000 || code === 1001;
      let why: Why | undefined;
      if (isRefusal) {
        const message = `the server refused the connection (${status})${tail}`;
        why = { code: refusals[status] ?? "REFUSED", message, status };
      } else if (!isGoodbye) {
        why = { code: "CONNECTION_LOST", message: `the connection was lost (${code})${tail}`, cause };
      }
      lost({ code, reason }, why);
    };
  };

  /** Lets go of the socket and of the next attempt. The calls that are under way fail. */
  const leave = () => {
    round++;
    clearTimeout(retryTimer);
    clearTimeout(lifeTimer);
    const old = socket;
    socket = undefined;
    isOpened = false;
    openedAt = 0;
    for (const one of pending.values()) {
      if (one.isSent) {
        one.fail({ code: "CONNECTION_LOST", message: `the connection was lost during the call of ${one.route}` });
      }
    }
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.onerror = () => {}; // `ws` throws what nobody hears
    old.close();
  };

  /** The connection, or the attempt, has ended by itself. */
  const lost = (close: ZocketClose, why?: Why) => {
    const { status } = why ?? {};
    // A server that refuses a client from the start has not looked at any message: they wait on.
    for (const one of pending.values()) one.isSent &&= !status || openedAt > 0;
    if (openedAt && Date.now() - openedAt >= backoff.stable) failures = 0;
    leave();
    const error = why && new ZocketError(why);
    const isFinal = status &&
      (status === 401 ? typeof headers !== "function" : status < 500 && status !== 408 && status !== 429);
    if (why && isFinal) stop(why, error);
    else if (!isPatient) {
      stop({ code: "NOT_CONNECTED", message: "the connection has ended; help: call reconnect()" }, error);
    } else {
      const delay = backoff.random() * Math.min(backoff.cap, backoff.base * 2 ** failures++);
      retryTimer = setTimeout(begin, delay);
      become("closed", error, Date.now() + delay);
    }
    closes.tell(close);
    if (error) report(error);
  };

  /** No more attempts, until `reconnect()`. */
  const stop = (why: Why, error?: ZocketError) => {
    listenForWake("removeEventListener");
    stopped = why;
    for (const one of pending.values()) one.fail(why);
    for (const end of [...iterators]) end(why.code === "CLOSED" ? undefined : new ZocketError(why));
    leave();
    become("stopped", error);
  };

  // -- Signs of life --

  const watch = (wait: number) => {
    clearTimeout(lifeTimer);
    dueAt = Date.now() + wait;
    lifeTimer = setTimeout(look, wait);
    // It is the socket that keeps a Node process running, and the wait for the next one.
    (lifeTimer as { unref?: () => void }).unref?.();
  };
  const look = () => {
    const idle = Date.now() - heardAt;
    if (!asked && idle < heartbeat) watch(Math.min(heartbeat, heartbeat - idle));
    // A timer that is late was held up, in a background tab or while the machine slept. So was the answer, maybe.
    else if (!asked || (asked === 1 && Date.now() - dueAt > 1_000)) ask();
    else {
      const reason = `the server said nothing for ${patience} ms`;
      lost({ code: 1006, reason }, { code: "CONNECTION_LOST", message: reason });
    }
  };
  const ask = () => {
    asked++;
    if (isUp()) write(codec.encode({ type: ping }));
    watch(patience);
  };

  /** The network is back, or the page is looked at again: no time to wait for a timer. */
  const wake = () => {
    if (surroundings.document?.visibilityState === "hidden") return;
    if (state.status === "closed") begin();
    else if (openedAt && !asked) ask();
  };
  const listenForWake = (change: keyof Wakeful) => {
    surroundings[change]?.("online", wake);
    surroundings.document?.[change]("visibilitychange", wake);
  };

  // -- What the user gets --

  const client = {
    on: {},
    onOpen: opens.add,
    onClose: closes.add,
    onError: errors.add,
    close() {
      const wasConnected = !!socket;
      stop({ code: "CLOSED", message: "the client is closed; help: call reconnect()" });
      if (wasConnected) closes.tell({ code: 1000, reason: "" });
    },
    reconnect() {
      failures = 0;
      begin();
    },
    get readyState() {
      return socket?.readyState ?? (state.status === "connecting" ? 0 : 3);
    },
    get lastError() {
      return state.lastError;
    },
    get $state() {
      return state;
    },
    $onState: states.add,
    $calls: {},
    $events: {},
  };
  client.$events = plant(client.on, contract.events, listener);
  client.$calls = plant(client, contract.calls, callable);
  if (options.connect !== false) begin();
  return client as SomeClient;
}
