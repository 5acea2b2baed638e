// React hooks for the generated client: React 18.2 and later. The client itself is not imported, only its types.
import { useCallback, useEffect, useInsertionEffect, useRef, useState, useSyncExternalStore } from "react";

import type { CallOptions, Listener, ZocketState } from "./zocket.js";

/**
 * Hears an event while the component is mounted: `useEvent(client.on.chat.said, ({ text }) => …)`. The callback may be a new
 * function at each render; the last one is called, and nothing is subscribed anew. Without a listener nothing is heard.
 */
export function useEvent<Payload>(
  listener: Listener<Payload> | null | undefined,
  callback: (payload: Payload) => void,
): void {
  const latest = useLatest(callback);
  useEffect(() => listener?.((payload) => latest.current(payload)), [listener, latest]);
}

/**
 * Runs at every connection while the component is mounted, before any call that waits, and when it is mounted, where there is a
 * connection already: `useOnConnect(client, (client) => client.room.join({ room }), [room])`. So the component is in its room
 * whenever its other calls are sent. Make the calls with the client that the callback is given. It runs again where one of
 * `dependencies` has changed. See `onConnect` of the client's options, which runs before it, for what becomes of a failure.
 */
export function useOnConnect<SomeClient>(
  client: { $onConnect(callback: (client: SomeClient) => unknown): () => void } | null | undefined,
  callback: (client: SomeClient) => unknown,
  dependencies: readonly unknown[] = [],
): void {
  const latest = useLatest(callback);
  useEffect(() => client?.$onConnect((connected) => latest.current(connected)), [client, latest, ...dependencies]);
}

function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value);
  useInsertionEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** What is rendered on a server, and first in a page: there, the client may be connected already. */
const unknown: ZocketState = { status: "connecting", lastError: null, retryAt: null };
const onServer = () => unknown;

/**
 * Whether the client is connected, why not, and when it tries again. Renders at each change. On a server, and while a page is
 * hydrated, it is "connecting".
 */
export function useConnectionState(client: {
  readonly $state: ZocketState;
  $onState(callback: (state: ZocketState) => void): () => void;
}): ZocketState {
  return useSyncExternalStore(client.$onState, () => client.$state, onServer);
}

/** What `useCall` returns. Of `data` and `error` at most one is there. While `pending`, `data` is that of the call before. */
export interface CallHook<Arguments extends unknown[], Result> {
  /**
   * Makes the call. An earlier one that is still under way is aborted: only the newest is shown. Resolves with what `try` of
   * the call itself does, so it never rejects. Always the same function for the same call.
   */
  call(...args: Arguments): Promise<Result>;
  readonly data: Value<Result> | undefined;
  readonly error: Failed<Result> | undefined;
  readonly pending: boolean;
  /** Aborts what is under way, and forgets data and error. */
  reset(): void;
}

type AnyResult = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };
type Value<Result> = Result extends { ok: true; value: infer Reply } ? Reply : never;
type Failed<Result> = Result extends { ok: false; error: infer Failure } ? Failure : never;

/**
 * A call with its state: `const order = useCall(client.stock.orderNow)`, then `order.call({ … })` in a handler, and
 * `order.pending`, `order.error?.code`, `order.data` in what is rendered. Unmounting aborts it; so does `<Activity>` when it hides
 * the component, which shows ABORTED as the error when it is back.
 */
export function useCall<Arguments extends unknown[], Result extends AnyResult>(call: {
  try(...args: Arguments): Promise<Result>;
}): CallHook<Arguments, Result> {
  type Shown = Pick<CallHook<Arguments, Result>, "data" | "error" | "pending">;
  const nothing: Shown = { data: undefined, error: undefined, pending: false };
  const [state, setState] = useState({ call, shown: nothing });
  const underWay = useRef<AbortController | null>(null);
  /** The latest mount, and the call that it was for. */
  const mounted = useRef({ call });

  const abandon = useCallback(() => {
    underWay.current?.abort();
    underWay.current = null;
  }, []);
  useEffect(() => {
    if (mounted.current.call !== call) abandon();
    const mine = { call };
    mounted.current = mine;
    return () => {
      // Not at once: StrictMode unmounts and mounts again, and what was called from the first mount goes on.
      queueMicrotask(() => {
        if (mounted.current === mine) underWay.current?.abort();
      });
    };
  }, [abandon, call]);

  const run = useCallback(
    async (...args: Arguments) => {
      abandon();
      const mine = new AbortController();
      underWay.current = mine;
      // Shown data stays while the next is awaited: a list does not blink. That of another call does not.
      setState((before) => ({
        call,
        shown: { data: before.call === call ? before.shown.data : undefined, error: undefined, pending: true },
      }));
      const [payload, options] = args as readonly unknown[] as readonly [unknown?, CallOptions?];
      const theirs = options?.signal;
      const pass = () => mine.abort(theirs?.reason);
      // By hand: AbortSignal.any is missing in React Native, and in browsers of 2023.
      if (theirs?.aborted) pass();
      else theirs?.addEventListener("abort", pass);
      const result = await call.try(...([payload, { ...options, signal: mine.signal }] as unknown as Arguments));
      theirs?.removeEventListener("abort", pass);
      if (underWay.current === mine) {
        underWay.current = null;
        const outcome = result.ok === true ? { data: result.value, error: undefined } : { data: undefined, error: result.error };
        setState({ call, shown: { ...outcome, pending: false } as Shown });
      }
      return result;
    },
    [abandon, call],
  );
  const reset = useCallback(() => {
    abandon();
    setState({ call, shown: { data: undefined, error: undefined, pending: false } });
  }, [abandon, call]);

  return { ...(state.call === call ? state.shown : nothing), call: run, reset };
}
