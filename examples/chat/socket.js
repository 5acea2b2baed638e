// zocket's wire protocol in a browser: calls with an answer, events, and a connection that reconnects automatically.
//
// One JSON object per text frame. A call is {type, payload, rpcId}; its answer is {type: "__rpc_res", payload, rpcId}, or
// {type: "__rpc_err", error, rpcId} if it was refused. Anything else that arrives is an event: {type, payload}.

const PROTOCOL = "0.1.0";
const ANSWER_WITHIN = 10_000;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** A failed call. `code` says why: the server's own codes, or TIMEOUT, DISCONNECTED. */
export class CallError extends Error {
  constructor({ code, message, issues = [], data }) {
    super(issues.length ? issues.map(({ path, message }) => `${path.slice(1) || "message"}: ${message}`).join("; ") : message);
    Object.assign(this, { code, issues, data });
  }
}

/**
 * Connects, and connects again whenever the connection is lost.
 * `headers()` returns the handshake's headers: a browser cannot set any on a WebSocket, so they travel in the query.
 * `onState` is called with "connecting", "open" and, with the time of the next attempt, "waiting".
 */
export function openSocket(path, { headers = () => ({}), onState = () => {} }) {
  const listeners = new Map();
  const calls = new Map();
  let socket;
  let failures = 0;
  let timer;

  function connect() {
    clearTimeout(timer);
    onState("connecting");
    const query = new URLSearchParams({ ...headers(), "x-zocket-version": PROTOCOL });
    const url = new URL(`${path}?${query}`, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const opening = new WebSocket(url);
    socket = opening;
    opening.onopen = () => {
      failures = 0;
      onState("open");
    };
    opening.onmessage = ({ data }) => receive(JSON.parse(data));
    opening.onclose = () => opening === socket && lost();
  }

  function lost() {
    socket = undefined;
    for (const call of calls.values()) {
      call.fail({ code: "DISCONNECTED", message: "The connection dropped before the server answered." });
    }
    // Twice as long each time, and never all clients at once, so that a restarted server is not overwhelmed.
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures++) * (0.5 + Math.random() / 2);
    timer = setTimeout(connect, wait);
    onState("waiting", Date.now() + wait);
  }

  function receive({ type, payload, rpcId, error }) {
    if (type === "__rpc_res") calls.get(rpcId)?.answer(payload);
    else if (type === "__rpc_err") calls.get(rpcId)?.fail(error);
    else for (const listener of listeners.get(type) ?? []) listener(payload);
  }

  function call(type, payload) {
    return new Promise((resolve, reject) => {
      if (socket?.readyState !== WebSocket.OPEN) {
        reject(new CallError({ code: "DISCONNECTED", message: "Not connected at the moment." }));
        return;
      }
      const rpcId = crypto.getRandomValues(new Uint32Array(2)).join("-");
      const done = (settle) => {
        clearTimeout(late);
        calls.delete(rpcId);
        settle();
      };
      const late = setTimeout(() => {
        calls.get(rpcId).fail({ code: "TIMEOUT", message: "The server did not answer within 10 seconds." });
        drop(); // No answer to anything: the network is gone, although the browser was not told.
      }, ANSWER_WITHIN);
      calls.set(rpcId, {
        answer: (value) => done(() => resolve(value)),
        fail: (error) => done(() => reject(new CallError(error))),
      });
      socket.send(JSON.stringify({ type, payload, rpcId }));
    });
  }

  function on(type, listener) {
    listeners.set(type, [...(listeners.get(type) ?? []), listener]);
  }

  /** Gives up the current connection, without waiting for the other side to agree. */
  function drop() {
    if (!socket) return;
    socket.close();
    lost();
  }

  /** Ends the connection for good. */
  function close() {
    const closing = socket;
    socket = undefined;
    timer = clearTimeout(timer);
    closing?.close();
  }

  const wake = () => !socket && timer && connect();
  addEventListener("online", wake);
  addEventListener("offline", drop);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());

  return { call, on, connect, close };
}
