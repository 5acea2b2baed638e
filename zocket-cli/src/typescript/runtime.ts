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
//   export function createZocketClient(url: string | URL, options?: ClientOptions<Headers, ZocketClient>): ZocketClient {
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
  /** The payload is not as the contract wants it: `issues` says where, with the first 20 violations of `issueCount`. */
  | { readonly code: "INVALID_PAYLOAD"; readonly issues: readonly ZocketIssue[]; readonly issueCount: number }
  /** The server refused the connection. `status` is the HTTP status that it would have answered with. */
  | { readonly code: RefusalCode; readonly status: number }
  | { readonly code: ServerCode | ClientCode };

/**
 * Why a connection was refused. UPGRADE_REQUIRED: the server no longer speaks the contract that this file was made from.
 * REFUSED: for another reason, see `status`. The client comes back by itself after 408, 425, 429 and from 500 on, and after 401
 * where `headers` is a function.
 */
export type RefusalCode = "UPGRADE_REQUIRED" | "UNAUTHORIZED" | "FORBIDDEN" | "INVALID_HEADERS" | "REFUSED";

/**
 * What the server itself answers to a call. RESTARTING: it has not begun with the call. The client makes it again on its next
 * connection, within its timeout; you see the code where it does not reconnect, or queues nothing. As `lastError`: the server
 * has closed the connection to restart.
 */
export type ServerCode = "BAD_MESSAGE" | "UNKNOWN_ROUTE" | "RESTARTING" | "INTERNAL";

/**
 * What this client says by itself.
 * - TIMEOUT: no answer in time. The handler may have run.
 * - ABORTED: by its `AbortSignal`, whose reason is the `cause`. The handler may have run.
 * - CONNECTION_LOST: the connection went while the call was under way. It is not sent again: the handler may have run.
 * - NOT_CONNECTED: there is no connection, and by the options no wait for one; as `lastError`: none could be made.
 * - CLOSED: `close()` was called. KICKED: the server has closed the connection, and this client is to stay away.
 * - QUEUE_FULL: too many calls wait for a connection, or an async iterator was read too slowly and lost its oldest event.
 * - HEADERS_FAILED, CONNECT_FAILED: `headers`, or an `onConnect`, threw or took longer than `patience`.
 * - LISTENER_FAILED: a callback threw. Where something was thrown, it is the `cause`.
 */
export type ClientCode =
  | "TIMEOUT"
  | "ABORTED"
  | "CONNECTION_LOST"
  | "NOT_CONNECTED"
  | "CLOSED"
  | "KICKED"
  | "QUEUE_FULL"
  | "HEADERS_FAILED"
  | "CONNECT_FAILED"
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
  & { [Name in "data" | "issueCount" | "issues" | "status"]?: ZocketError[Name] | undefined };

/** Every rejection of a call, and everything that `onError` hears of. */
export class ZocketError extends Error {
  override readonly name = "ZocketError";
  readonly code: string;

  constructor({ code, message, cause, issues, issueCount, data, status }: Why, route?: string) {
    super(message, cause === undefined ? {} : { cause });
    this.code = code;
    const mine: { -readonly [Name in keyof ZocketError]?: ZocketError[Name] } = this;
    if (route !== undefined) mine.route = route;
    if (data !== undefined) mine.data = data;
    if (status !== undefined) mine.status = status;
    if (code === "INVALID_PAYLOAD") {
      mine.issues = issues ?? [];
      mine.issueCount = issueCount ?? mine.issues.length;
    }
  }
}

// Here, and not as fields of the class: some compilers make each of those a property, and Babel 7 refuses `declare`.
export interface ZocketError {
  /** The call's or event's, where it is about one. */
  readonly route?: string;
  /** With INVALID_PAYLOAD. */
  readonly issues?: readonly ZocketIssue[];
  /** With INVALID_PAYLOAD: how many violations there are, listed in `issues` or not. */
  readonly issueCount?: number;
  /** What the handler's own error carries. */
  readonly data?: unknown;
  /** With a refused connection: the HTTP status. */
  readonly status?: number;
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

/**
 * An event: call it with a callback, which is heard until the returned function is called, or iterate over it. A callback that
 * throws, or whose promise is rejected, is told of to `onError`.
 */
export interface Listener<Payload> {
  (callback: (payload: Payload) => void): () => void;
  /**
   * `for await (const payload of client.on.a.b)`: listens until `break`. Events wait, up to `buffer` of the options; then the
   * oldest is dropped, and `onError` hears QUEUE_FULL. Ends with `close()`, at once where the client is closed; throws where the
   * client stops, or has stopped, for another reason.
   */
  [Symbol.asyncIterator](): AsyncIterator<Payload, undefined> & AsyncIterable<Payload>;
}

/** `closed`: comes back by itself, at `retryAt`. `stopped`: not before `reconnect()`. */
export interface ZocketState {
  readonly status: "connecting" | "open" | "closed" | "stopped";
  readonly lastError: ZocketError | null;
  /** The time of the next attempt, as `Date.now()` has it. Null unless `closed`, and while the page is put away. */
  readonly retryAt: number | null;
}

/**
 * How a connection, or an attempt at one, ended. `error.code` tells the kinds apart:
 * - one with a `status`: refused. The client stays away, except after 401 where `headers` is a function, 408, 425, 429, and from 500 on.
 * - KICKED: the server has closed the connection with 1008, or a code from 4000 to 4499. The client stays away.
 * - RESTARTING: with 1012. CONNECTION_LOST: without a word, or with another code. NOT_CONNECTED: there was no connection yet.
 * - HEADERS_FAILED, CONNECT_FAILED: `headers` or an `onConnect` failed.
 * - no error: by `close()` (1000), by a goodbye of the server's (1000, 1001), or because the page was left (1001).
 */
export interface ZocketClose {
  /** The WebSocket's close code and reason. 1006: without a word. */
  readonly code: number;
  readonly reason: string;
  readonly error: ZocketError | null;
  /** The number of the attempt that comes next: 1 after a connection that lasted. */
  readonly attempt: number;
}

/** What a client can do besides its calls. */
export interface ClientBase<Events, RouteCalls = unknown, RouteEvents = unknown> {
  /** The events of the contract. Each is the same function every time. */
  readonly on: Events;
  /**
   * Connected: the server has answered, and each `onConnect` is done. Not called for a connection that is there already: `$state`
   * tells of that. As the next three, returns a function that unsubscribes.
   */
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
  & ClientBase<Events, RouteCalls, RouteEvents>
  & {
    /**
     * As `onConnect` of the options, and after it: runs first at every connection, until the returned function is called. Where
     * there is a connection already, it runs at once as well; should that fail, `onError` hears of it, and the connection stays.
     */
    $onConnect(callback: (client: Client<Calls, Events, RouteCalls, RouteEvents>) => unknown): () => void;
  };

/** Times are in milliseconds. */
export interface ClientOptions<Headers = object, SomeClient = unknown> {
  /**
   * Sent with the handshake, in the URL's query. A function is asked anew for each attempt, and waited for, up to `patience`: for
   * tokens, say.
   */
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
  /** Whether to come back after this end. `rule`: what would be done without this function, see `ZocketClose`. */
  shouldReconnect?: ((close: ZocketClose, rule: boolean) => boolean) | undefined;
  /** `false` waits for `reconnect()` before the first connection: on a server that renders pages, say. */
  connect?: boolean | undefined;
  /** Where nothing arrived for this long, the server is asked whether it is there. 0: never. Default 30,000. */
  heartbeat?: number | undefined;
  /**
   * How long the server may take to accept a connection, and to say that it is there, `headers` to give its answer, and all that
   * `onConnect` does together. Default 10,000.
   */
  patience?: number | undefined;
  /** Logs what is sent, received and decided. */
  debug?: boolean | undefined;
  /** Where there is none: in Node 20 the one of the package `ws`. */
  WebSocket?: WebSocketClass | undefined;
  /** How messages are written, where the server speaks that as well. Default, and otherwise: JSON. */
  codec?: ZocketCodec | undefined;
  /**
   * Runs first at every connection, and is waited for: before `onOpen`, and before any call that waits. To log in, and to join
   * rooms again. Make its calls with the client that it is given; those of others wait until it is done. If it fails, so has the
   * attempt: `onError` hears CONNECT_FAILED, and the client tries again.
   */
  onConnect?: ((client: SomeClient) => unknown) | undefined;
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
  terminate?(): void; // where there is one: in `ws` and Bun
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
  setImmediate?: (callback: () => void) => void;
  location?: { href: string };
  document?: Wakeful & { visibilityState: string };
  reportError?: (error: unknown) => void;
} & Partial<Wakeful>;
type Wakeful = Record<"addEventListener" | "removeEventListener", (type: string, listener: () => void) => void>;

/** Callbacks. One that throws, or whose promise is rejected, does not keep the others from hearing. */
function callbacks<Value>(failed: (cause: unknown) => void) {
  const all = new Set<(value: Value) => unknown>();
  return {
    all,
    add(callback: (value: Value) => unknown) {
      const one = (value: Value) => callback(value); // so that adding it twice is two, each with its own end
      all.add(one);
      return () => void all.delete(one);
    },
    tell(value: Value) {
      for (const one of [...all]) {
        try {
          if (all.has(one)) (one(value) as Promise<unknown> | undefined)?.then?.(undefined, failed);
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

/** How many sockets the clients of this file have. */
let sockets = 0;
/**
 * Node and `ws` hand out all messages that have come at once in one go. Everywhere else, what a message sets in motion runs before
 * the next one: so here too. Taken early, for a test may put another in its place, which waits until it is told.
 */
const { setImmediate: inTurn = (hear: () => void) => hear() } = surroundings;

const caused = (code: string, what: string, cause: unknown): Why => ({ code, message: `${what}: ${cause}`, cause });

/** Connects, and stays connected. Throws where the URL is none, or where there is no WebSocket. */
export function connect<SomeClient>(
  contract: Contract,
  url: string | URL,
  options: ClientOptions<object, SomeClient> = {},
): SomeClient {
  const { headers, timeout = 10_000, queue = 100, buffer = 1_000, heartbeat = 30_000, patience = 10_000 } = options;
  const { codec = json, WebSocket = surroundings.WebSocket, shouldReconnect } = options;
  const { location } = surroundings;
  const isPatient = options.reconnect !== false;
  const backoff = { base: 1_000, cap: 30_000, stable: 5_000, random: Math.random, ...(options.reconnect as object) };
  // By hand: React Native's URL cannot do what would be needed.
  const parts = /^(?:ws|http)(s?:\/\/[^?#]+)\??([^#]*)/i;
  const [, path, ownQuery = ""] = parts.exec(`${url}`) ?? parts.exec(new URL(url, location?.href).href) ?? [];
  if (!path) throw new TypeError(`no URL of a WebSocket: ${url}`);

  const log = (...what: unknown[]) => options.debug && console.debug("zocket:", ...what);
  const report = (error: ZocketError) => {
    log(error);
    errors.tell(error);
  };
  const shout = (cause: unknown) => (surroundings.reportError ?? console.error)(cause);
  const listenerFailed = (cause: unknown) =>
    errors.all.size
      ? report(new ZocketError(caused("LISTENER_FAILED", "a listener threw", cause)))
      : shout(cause);
  const errors = callbacks<ZocketError>(shout);
  const opens = callbacks<void>(listenerFailed);
  const closes = callbacks<ZocketClose>(listenerFailed);
  const states = callbacks<ZocketState>(listenerFailed);
  const connects = callbacks<SomeClient>(listenerFailed);
  if (options.onConnect) connects.add(options.onConnect);
  if (options.onOpen) opens.add(options.onOpen);
  if (options.onClose) closes.add(options.onClose);
  if (options.onError) errors.add(options.onError);

  // -- Calls: in the order made. Those not yet sent are the queue. --

  interface Pending {
    readonly route: string;
    readonly frame: string | Uint8Array;
    /** Part of an `onConnect`: of this connection alone. */
    readonly isFirst: boolean;
    isSent: boolean;
    succeed(reply: unknown): void;
    fail(why: Why): void;
  }
  const pending = new Map<unknown, Pending>();
  let lastId = 0;

  /** `only`: the one round in which it may be made, and then before all others. */
  const call = (
    only: number | undefined,
    route: string,
    payload?: unknown,
    { timeout: limit = timeout, signal }: CallOptions = {},
  ) => {
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
      const isFirst = only !== undefined;
      if (isFirst && !(only === round && isUp(true))) return fail(lostDuring(route));
      let frame;
      try {
        frame = codec.encode({ type: route, payload, rpcId });
      } catch (cause) {
        return fail(unwritten(route, cause));
      }
      const one: Pending = {
        route,
        frame,
        isFirst,
        isSent: false,
        succeed: (reply) => {
          settle();
          resolve(reply);
        },
        fail,
      };
      const isNow = isUp(isFirst);
      if (!isNow) {
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
      if (isNow) transmit(one);
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
      one.fail(unwritten(one.route, cause));
    }
  };
  const unwritten = (route: string, cause: unknown) => caused("BAD_MESSAGE", `the payload of ${route} cannot be written`, cause);
  const lostDuring = (route: string) => ({
    code: "CONNECTION_LOST",
    message: `the connection was lost during the call of ${route}`,
  });
  const callable = (only: number | undefined, route: string) =>
    Object.assign(call.bind(null, only, route), {
      try: (payload?: unknown, options?: CallOptions) =>
        call(only, route, payload, options).then(
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
    const readers: ((step: Step | Promise<Step>) => void)[] = [];
    let isSlow = false;
    let failure: ZocketError | undefined;
    const unlisten = listen((value) => {
      const reader = readers.shift();
      if (reader) return reader({ value });
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
      for (const reader of readers.splice(0)) reader(over());
    };
    /** What is said once after the end is why; then it is over. */
    const over = async (): Promise<Step> => {
      const thrown = failure;
      failure = undefined;
      if (thrown) throw thrown;
      return { value: undefined, done: true };
    };
    iterators.add(end);
    if (stopped) end(whyEnded(stopped));
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: () =>
        new Promise<Step>((resolve) => {
          if (events.length) {
            resolve({ value: events.shift() });
            isSlow &&= events.length > 0;
          } else if (iterators.has(end)) readers.push(resolve);
          else resolve(over());
        }),
      return() {
        end();
        events.length = 0;
        failure = undefined;
        return over();
      },
    };
  };
  const whyEnded = (why: Why) => (why.code === "CLOSED" ? undefined : new ZocketError(why));

  const receive = (frame: string | ArrayBuffer) => {
    let message;
    try {
      message = spoken.decode(frame) as { type: string; payload: unknown; rpcId: unknown; error: object; route: string };
      log("received", message);
      const { type, payload, rpcId, error, route } = message;
      if (type === "__rpc_res") return pending.get(rpcId)?.succeed(payload);
      if (type === "__rpc_err") {
        const why = { code: "INTERNAL", message: "the server failed", ...error };
        const one = pending.get(rpcId);
        // The server has not begun with it, and closes: the next connection is the one to ask.
        if (one && why.code === "RESTARTING" && isPatient && queue && !one.isFirst) one.isSent = false;
        else if (rpcId !== undefined) one?.fail(why);
        // A server that does not know pings says so, and is there.
        else if (route !== ping) report(new ZocketError(why, route));
        return;
      }
      if (type.startsWith("__")) return;
      return listeners.get(type)?.tell(payload);
    } catch (cause) {
      report(new ZocketError(caused("BAD_MESSAGE", "not a message", cause)));
    }
  };

  // -- The connection: one socket at a time. What an earlier one still says is not listened to. --

  const ping = "__ping";
  let socket: WebSocketLike | undefined;
  /** The socket is open. Whether the server took the client, only its first frame tells: see `attach`. */
  let isOpened = false;
  /** And calls may be sent: each `onConnect` is done. */
  let isReady = false;
  let openedAt = 0; // when that frame came; 0: it has not
  let heardAt = 0;
  /** How often the server was asked for a sign of life that has not come. */
  let asked = 0;
  let dueAt = 0;
  let isClosing = false;
  let failures = 0; // attempts in a row that did not last
  let round = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let lifeTimer: ReturnType<typeof setTimeout> | undefined;
  /** Why no calls are taken, and nothing is tried. */
  let stopped: Why | undefined = { code: "CLOSED", message: "closed; help: call reconnect()" };
  let state: ZocketState = { status: "stopped", lastError: null, retryAt: null };

  /** What the server has chosen to speak. */
  let spoken = codec;

  const write = (frame: string | Uint8Array) => {
    // Read by its own codec, so that a call means what it meant when it was made, whatever became of its payload since.
    if (spoken !== codec) frame = json.encode(codec.decode(typeof frame === "string" ? frame : frame.slice().buffer));
    socket?.send(frame as never);
  };
  const isUp = (isFirst?: boolean) => (isFirst ? isOpened : isReady) && socket?.readyState === 1;
  const become = (status: ZocketState["status"], lastError = state.lastError, retryAt: number | null = null) => {
    log(status);
    state = { status, lastError, retryAt };
    states.tell(state);
  };

  const begin = () => {
    if (!WebSocket) {
      throw new TypeError("no WebSocket here; help: pass one as an option (`ws` in Node 20)");
    }
    leave();
    if (stopped) listenForWake("addEventListener");
    stopped = undefined;
    const mine = round;
    const dial = (values?: object) => {
      if (mine !== round) return;
      try {
        const own = { "x-zocket-version": "0.1.0", "x-zocket-contract": contract.hash, "x-zocket-refusal": "close" };
        let query = ownQuery.split("&");
        for (const [name, value] of Object.entries({ ...values, ...own })) {
          if (value == null) continue;
          // A parameter of the address gives way; a list is one parameter an item.
          const start = `${encodeURIComponent(name)}=`;
          query = query.filter((one) => one && !one.startsWith(start));
          for (const item of [value].flat()) query.push(start + encodeURIComponent(item));
        }
        attach(new WebSocket(`ws${path}?${query.join("&")}`, codec.protocol ? [codec.protocol, "zocket.json"] : []));
      } catch (cause) {
        failed(mine, "NOT_CONNECTED", "could not connect", cause);
      }
    };
    become("connecting");
    if (mine !== round || typeof headers !== "function") return dial(headers as object);
    prepare("HEADERS_FAILED", "headers", headers as () => object, dial);
  };

  /** What the user's own code prepares, and has a limited time for. What comes too late is not used. */
  const prepare = <Value>(code: ClientCode, what: string, run: () => Value, done: (value: Awaited<Value>) => void) => {
    const mine = round;
    const fail = (cause: unknown) => failed(mine, code, `${what} failed`, cause);
    retryTimer = setTimeout(fail, Math.min(patience, longest), `not done within ${patience} ms`);
    const finish = (value: Awaited<Value>) => {
      if (mine !== round) return;
      clearTimeout(retryTimer);
      done(value);
    };
    Promise.resolve().then(run).then(finish as never, fail);
  };
  const failed = (mine: number, code: string, what: string, cause: unknown) => {
    if (mine === round) lost(1006, "", caused(code, what, cause));
  };

  const attach = (fresh: WebSocketLike) => {
    socket = fresh;
    sockets++;
    fresh.binaryType = "arraybuffer";
    asked = 1; // to accept the connection is the first sign of life
    watch(patience);
    let cause: { message?: unknown } | undefined;
    fresh.onopen = () => {
      isOpened = true;
      spoken = codec.protocol && fresh.protocol !== codec.protocol ? json : codec;
      write(codec.encode({ type: ping }));
      if (!connects.all.size) flush();
    };
    fresh.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
      heardAt = Date.now();
      if (asked && socket === fresh) {
        asked = 0;
        watch(heartbeat || Infinity);
      }
      inTurn(() => {
        if (socket !== fresh) return;
        if (!openedAt) {
          openedAt = heardAt;
          welcome();
        }
        if (socket === fresh) receive(data);
      });
    };
    fresh.onerror = (event: { error?: object; message?: unknown }) => {
      cause = event.error ?? event;
      // Node's own forgets to close what never opened.
      if (!isOpened) setTimeout(() => fresh.onclose?.({ code: 1006, reason: "" } as never));
    };
    fresh.onclose = ({ code, reason }: { code: number; reason: string }) =>
      inTurn(() => {
        if (socket === fresh) ended(code || 1006, reason, cause); // Deno says 0
      });
  };

  /** The server has taken the client. */
  const welcome = () => {
    const mine = round;
    const open = () => {
      if (!isReady) flush();
      if (mine !== round) return;
      become("open", null);
      if (mine === round) opens.tell();
    };
    if (!connects.all.size) return open();
    isReady = false; // one may have been added since the socket opened
    const own = clientOf(mine);
    // In turn: who joins a room counts on having logged in. One that is added meanwhile has its turn too.
    const all = async () => {
      for (const one of connects.all) if (mine === round) await one(own);
    };
    prepare("CONNECT_FAILED", "onConnect", all, open);
  };
  const flush = () => {
    isReady = true;
    for (const one of pending.values()) if (!one.isSent) transmit(one);
  };

  /** The socket has closed. */
  const ended = (code: number, reason: string, cause?: { message?: unknown }) => {
    const text = `${cause?.message ?? ""}`;
    // `ws`, Bun, Deno and React Native have the status in a text.
    const told = isOpened ? undefined : /(?:response|code|was|server):? '?(\d{3})\b/.exec(text)?.[1];
    const status = told ? +told : code >= 3400 && code < 3600 ? code - 3000 : undefined;
    // Browsers have a limit, Firefox 200 sockets and Chromium 255, and say nothing but that it failed.
    const isFull = !isOpened && location && sockets >= 200;
    const [kind, message] = status ? [refusals[status] ?? "REFUSED", `the server refused the connection (${status})`]
      : !isOpened ? ["NOT_CONNECTED", `could not connect (${code})`]
      : code === 1012 ? ["RESTARTING", "the connection was closed (1012)"]
      : code === 1008 || (code >= 4000 && code < 4500) ? ["KICKED", `the connection was closed for good (${code})`]
      // These are no errors: the server has said goodbye.
      : code === 1000 || code === 1001 ? []
      : ["CONNECTION_LOST", `the connection was lost (${code})`];
    const tail = reason || (isFull ? `too many connections: this page has ${sockets}` : text);
    lost(code, reason, kind ? { code: kind, message: message + (tail && `: ${tail}`), cause, status } : undefined);
  };

  /** Lets go of the socket and of the next attempt. The calls that are under way fail. */
  const leave = () => {
    round++;
    clearTimeout(retryTimer);
    clearTimeout(lifeTimer);
    const old = socket;
    socket = undefined;
    isOpened = isReady = isClosing = false;
    openedAt = 0;
    for (const one of pending.values()) if (one.isSent) one.fail(lostDuring(one.route));
    if (!old) return;
    sockets--;
    old.onopen = old.onmessage = old.onclose = null;
    old.onerror = () => {}; // `ws` throws what nobody hears
    old.close();
    // Otherwise a server that says nothing would keep a Node process running.
    if (old.terminate) unref(setTimeout(() => old.terminate?.(), 2_000));
  };

  /** The connection, or the attempt, has ended by itself. */
  const lost = (code: number, reason: string, why?: Why) => {
    const status = why?.status;
    // A server that refuses a client from the start has not looked at any message: they wait on.
    for (const one of pending.values()) one.isSent &&= !status || openedAt > 0;
    if (state.status === "open" && Date.now() - openedAt >= backoff.stable) failures = 0;
    leave();
    const mine = round;
    const error = why ? new ZocketError(why) : null;
    const close = { code, reason, error, attempt: failures + 1 };
    const isFinal = status
      ? status === 401 ? typeof headers !== "function" : status < 500 && ![408, 425, 429].includes(status)
      : why?.code === "KICKED";
    let again = isPatient && !isFinal;
    try {
      if (isPatient && shouldReconnect) again = shouldReconnect(close, again);
    } catch (cause) {
      listenerFailed(cause);
    }
    // Unless it has decided by itself: close() or reconnect().
    if (mine === round && again) {
      const delay = backoff.random() * Math.min(backoff.cap, backoff.base * 2 ** failures++);
      retryTimer = setTimeout(begin, delay);
      become("closed", error, Date.now() + delay);
    } else if (mine === round) {
      const ended = { code: "NOT_CONNECTED", message: "the connection has ended; help: call reconnect()" };
      stop(why && (isFinal || status) ? why : ended, error);
    }
    closes.tell(close);
    if (error) report(error);
  };

  /** No more attempts, until `reconnect()`. */
  const stop = (why: Why, error?: ZocketError | null) => {
    listenForWake("removeEventListener");
    stopped = why;
    for (const one of pending.values()) one.fail(why);
    for (const end of [...iterators]) end(whyEnded(why));
    leave();
    become("stopped", error);
  };

  // -- Signs of life --

  /** The longest wait that a timer has. */
  const longest = 2 ** 31 - 1;
  // Browsers end a socket that is closing by themselves. Node may wait for the end of TCP for ever, and says nothing meanwhile.
  const pace = location ? longest : 1_000;

  const unref = (timer: unknown) => (timer as { unref?: () => void }).unref?.();
  const watch = (wait: number) => {
    dueAt = Date.now() + wait;
    lookLater();
  };
  const lookLater = () => {
    clearTimeout(lifeTimer);
    lifeTimer = setTimeout(look, Math.min(pace, dueAt - Date.now()));
    // It is the socket that keeps a Node process running, and the wait for the next one.
    unref(lifeTimer);
  };
  const gone = (reason: string) => lost(1006, reason, { code: "CONNECTION_LOST", message: reason });
  const look = () => {
    const now = Date.now();
    if (socket?.readyState === 2) {
      if (isClosing) return gone("the server closed the connection, and does not hang up");
      isClosing = true;
    }
    if (!asked) dueAt = heardAt + (heartbeat || Infinity);
    if (now < dueAt) return lookLater();
    // A timer that is late was held up: so was the answer, maybe, where the machine slept. Not in a page that is hidden: only its
    // timers are, and messages come when they come.
    if (!asked || (asked === 1 && now - dueAt > 1_000 && !isHidden())) return ask();
    gone(`the server said nothing for ${patience} ms`);
  };
  const ask = () => {
    asked++;
    if (isUp(true)) write(codec.encode({ type: ping }));
    watch(patience);
  };

  const isHidden = () => surroundings.document?.visibilityState === "hidden";
  /** The network is back, or the page is looked at again: no time to wait for a timer. */
  const wake = () => {
    if (isHidden()) return;
    if (openedAt && !asked) ask();
    else show();
  };
  const show = () => {
    if (state.status === "closed") begin();
  };
  /** The page is put away, perhaps to be shown again. A browser would answer the server's pings for it, as if somebody were there. */
  const hide = () => {
    const had = socket;
    leave();
    become("closed", null);
    if (had) goodbye(1001);
  };
  const reactions = { online: wake, visibilitychange: wake, pagehide: hide, freeze: hide, pageshow: show, resume: show };
  const goodbye = (code: number) => closes.tell({ code, reason: "", error: null, attempt: 1 });
  const listenForWake = (change: keyof Wakeful) => {
    for (const [event, react] of Object.entries(reactions)) {
      // Those of the document do not all reach the window.
      for (const target of [surroundings, surroundings.document]) target?.[change]?.(event, react);
    }
  };

  // -- What the user gets --

  const on = {};
  const $events = plant(on, contract.events, listener);
  /** The client; with `only`, as an `onConnect` has it. */
  const clientOf = (only?: number) => {
    const client = {
      on,
      onOpen: opens.add,
      onClose: closes.add,
      onError: errors.add,
      close() {
        const had = socket;
        stop({ code: "CLOSED", message: "closed; help: call reconnect()" });
        if (had) goodbye(1000);
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
      $onConnect(callback: (client: SomeClient) => unknown) {
        const mine = round;
        const drop = connects.add(callback);
        let isIn = state.status === "open";
        const late = (cause: unknown) =>
          mine === round && report(new ZocketError(caused("CONNECT_FAILED", "onConnect failed", cause)));
        Promise.resolve(clientOf).then((of) => isIn && callback(of(mine))).catch(late);
        return () => {
          isIn = false;
          drop();
        };
      },
      $calls: {},
      $events,
    };
    client.$calls = plant(client, contract.calls, callable.bind(null, only));
    return client as SomeClient;
  };
  const client = clientOf();
  if (options.connect !== false) begin();
  return client;
}
