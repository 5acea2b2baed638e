// The hooks under React in StrictMode, which mounts everything twice: `node react.mjs <folder> <18 or 19>` with Node 22, where
// the folder has zocket.react.ts. The page is jsdom's.
import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { resolve } from "node:path";

import { JSDOM } from "jsdom";

const [folder, version] = process.argv.slice(2);
if (version === "18") {
  // Installed under another name; everything here must use it, including the hooks and React's own parts.
  registerHooks({
    resolve: (name, context, next) => next(name.replace(/^react(-dom)?(?=$|\/)/, "$&-18"), context),
  });
}

const { window } = new JSDOM("<main></main>");
Object.assign(globalThis, { window, document: window.document, IS_REACT_ACT_ENVIRONMENT: true });

const React = await import("react");
const { createElement, StrictMode, useEffect, useRef, useState } = React;
const { act } = version === "18" ? await import("react-dom/test-utils") : React;
const { createRoot, hydrateRoot } = await import("react-dom/client");
const { renderToString } = await import("react-dom/server");
const { useCall, useConnectionState, useEvent, useOnConnect } = await import(resolve(folder, "zocket.react.ts"));
const { createZocketClient } = await import("./fixtures/shop.ts");
const { FakeServer, reply, step, summary, until, whenAway } = await import("./support.mjs");

const server = await FakeServer.start();
const client = createZocketClient(server.url, { reconnect: { base: 20, cap: 20 } });
await until("open", () => client.$state.status === "open");
assert.equal(React.version.split(".")[0], version);
const complaints = [];
// Messages from the server arrive between two `act`s, which React warns about in tests: only that warning is ignored.
console.error = (...words) => words[0].includes("not wrapped in act") || complaints.push(words.join(" "));

/** A component on the page. `render` again gives it other properties. */
async function mount(component) {
  const root = createRoot(document.body.appendChild(document.createElement("main")));
  const render = (properties) =>
    act(async () => root.render(createElement(StrictMode, null, createElement(component, properties))));
  await render({});
  return { render, unmount: () => act(async () => root.unmount()) };
}
/** Waits until the condition is true, rendering in between. */
const rendered = (what, look) => until(what, () => act(async () => look()));

/** An event or call of the client that counts who listens and who waits. */
const counted = (listener) => {
  const counts = { now: 0, ever: 0 };
  const wrapped = (callback) => {
    counts.now += 1;
    counts.ever += 1;
    const stop = listener(callback);
    return () => {
      counts.now -= 1;
      stop();
    };
  };
  return [wrapped, counts];
};
const emit = async (payload) => {
  await act(async () => {
    server.send({ type: "stock.length", payload });
    server.answer = (frame, socket) => socket.send(reply(frame, "done"));
    await client.ping();
  });
};

await step("useEvent: one listener, the latest callback, none after unmounting", async () => {
  const [listener, counts] = counted(client.on.stock.length);
  const log = [];
  const page = await mount(({ name = "first" }) => useEvent(listener, (n) => log.push(`${name} ${n}`)));
  assert.equal(counts.now, 1, "mounted twice, and listening once");
  const { ever } = counts;
  await emit(1);
  await page.render({ name: "second" });
  await emit(2);
  assert.equal(counts.ever, ever, "another callback is no other subscription");
  await page.unmount();
  await emit(3);
  assert.deepEqual([log, counts.now], [["first 1", "second 2"], 0]);
});

await step("useEvent: another listener is another subscription, none is none", async () => {
  const [first, one] = counted(client.on.stock.length);
  const [second, two] = counted(client.on.system.announcement);
  const page = await mount(({ listener = first }) => useEvent(listener, () => {}));
  await page.render({ listener: second });
  assert.deepEqual([one.now, two.now], [0, 1]);
  await page.render({ listener: null });
  assert.deepEqual([one.now, two.now], [0, 0]);
  await page.unmount();
});

await step("useConnectionState renders each change, and hears nothing after unmounting", async () => {
  const [onState, counts] = counted(client.$onState);
  const watched = {
    $onState: onState,
    get $state() {
      return client.$state;
    },
  };
  const seen = [];
  const page = await mount(() => {
    const { status, lastError } = useConnectionState(watched);
    const now = `${status} ${lastError?.code}`;
    if (seen.at(-1) !== now) seen.push(now);
    return now;
  });
  await rendered("open", () => seen.at(-1) === "open undefined");
  await act(async () => server.cut());
  await rendered("back", () => seen.at(-1) === "open undefined" && seen.length >= 4);
  assert.deepEqual(seen.slice(-3), ["closed CONNECTION_LOST", "connecting CONNECTION_LOST", "open undefined"]);
  assert.equal(counts.now, 1);
  await page.unmount();
  assert.equal(counts.now, 0);
});

await step("useConnectionState: a server renders what a page shows first, connected already or not", async () => {
  const idle = createZocketClient(server.url, { connect: false });
  assert.equal(renderToString(createElement(() => useConnectionState(idle).status)), "connecting");

  await until("open", () => client.$state.status === "open");
  const Status = () => createElement("p", null, useConnectionState(client).status);
  const main = document.body.appendChild(document.createElement("main"));
  main.innerHTML = "<p>connecting</p>";
  const recovered = [];
  let root;
  await act(async () => {
    root = hydrateRoot(main, createElement(Status), { onRecoverableError: (error) => recovered.push(error) });
  });
  assert.deepEqual([main.textContent, recovered], ["open", []]);
  await act(async () => root.unmount());
});

await step("useOnConnect: runs once connected, again at each connection before what waits, and not after unmounting", async () => {
  server.answer = (frame, socket) => socket.send(reply(frame, frame.payload));
  await until("open", () => client.$state.status === "open");
  const Room = ({ room = "harbour" }) => {
    useOnConnect(client, (client) => client.echo.any(`join ${room}`), [room]);
    return null;
  };
  const page = await mount(Room);
  const heard = () => server.socket.frames.map(({ payload }) => payload);
  await until("joined", () => heard().at(-1) === "join harbour");
  await page.render({ room: "desert" });
  await until("joined", () => heard().at(-1) === "join desert");
  const bid = whenAway(client, () => client.echo.any("bid"));
  server.cut();
  await act(() => bid);
  assert.deepEqual(heard(), ["join desert", "bid"]);
  await page.unmount();
  const alone = whenAway(client, () => client.echo.any("alone"));
  server.cut();
  await act(() => alone);
  assert.deepEqual(heard(), ["alone"]);
});

/** A component with `useCall`, and what it showed last. */
async function caller(first = client.stock.orderNow) {
  const shown = { renders: 0 };
  const page = await mount(({ call = first }) => {
    Object.assign(shown, useCall(call), { renders: shown.renders + 1 });
  });
  return { page, shown };
}
const look = ({ data, error, pending }) => [data, error?.code, pending];
/** Frames wait here until the test answers them. */
function holding() {
  const waiting = [];
  server.answer = (frame) => waiting.push(frame);
  return waiting;
}

await step(
  "useCall: pending, then data; the next call keeps the data until it is answered; then error; reset",
  async () => {
    const waiting = holding();
    const { page, shown } = await caller();
    assert.deepEqual(look(shown), [undefined, undefined, false]);
    const { call } = shown;
    let result;
    await act(async () => void (result = shown.call({ article: "pen", count: 1 })));
    assert.deepEqual(look(shown), [undefined, undefined, true]);
    await rendered("sent", () => waiting.length === 1);
    assert.deepEqual(waiting[0].payload, { article: "pen", count: 1 });
    server.send(reply(waiting[0], { number: 7 }));
    await rendered("answered", () => !shown.pending);
    assert.deepEqual(look(shown), [{ number: 7 }, undefined, false]);
    assert.deepEqual(await result, { ok: true, value: { number: 7 } });
    await act(async () => void (result = shown.call({ article: "pen", count: 9 })));
    assert.deepEqual(look(shown), [{ number: 7 }, undefined, true]);
    await rendered("sent", () => waiting.length === 2);
    server.send({
      type: "__rpc_err",
      rpcId: waiting[1].rpcId,
      error: { code: "TOO_MANY", message: "at most 3", data: { most: 3 } },
    });
    await rendered("refused", () => !shown.pending);
    assert.deepEqual(look(shown), [undefined, "TOO_MANY", false]);
    assert.deepEqual([(await result).ok, shown.error.data], [false, { most: 3 }]);
    await act(async () => shown.reset());
    assert.deepEqual(look(shown), [undefined, undefined, false]);
    assert.equal(shown.call, call, "the same function at every render");
    await page.unmount();
  },
);

await step("useCall: the latest call wins, whatever is answered first", async () => {
  const waiting = holding();
  const { page, shown } = await caller();
  let first;
  await act(async () => {
    first = shown.call({ article: "old", count: 1 });
    shown.call({ article: "new", count: 1 });
  });
  await rendered("both sent", () => waiting.length === 2);
  assert.equal((await first).error.code, "ABORTED");
  for (const frame of [...waiting].reverse()) server.send(reply(frame, { number: frame.payload.article }));
  await rendered("answered", () => !shown.pending);
  await emit(0);
  assert.deepEqual(look(shown), [{ number: "new" }, undefined, false]);
  await page.unmount();
});

await step("useCall: reset and another call forget what is under way", async () => {
  const waiting = holding();
  const { page, shown } = await caller();
  await act(async () => void shown.call({ article: "pen", count: 1 }));
  await rendered("sent", () => waiting.length === 1);
  await act(async () => shown.reset());
  assert.deepEqual(look(shown), [undefined, undefined, false]);
  await act(async () => void shown.call({ article: "pen", count: 1 }));
  await rendered("sent", () => waiting.length === 2);
  await page.render({ call: client.stock.list });
  assert.deepEqual(look(shown), [undefined, undefined, false]);
  for (const frame of waiting) server.send(reply(frame, { number: 7 }));
  await emit(0);
  assert.deepEqual(look(shown), [undefined, undefined, false]);
  await page.unmount();
});

await step("useCall: an own signal aborts as well", async () => {
  holding();
  const { page, shown } = await caller();
  const control = new AbortController();
  await act(async () => void shown.call({ article: "pen", count: 1 }, { signal: control.signal }));
  await act(async () => control.abort());
  await rendered("aborted", () => !shown.pending);
  assert.deepEqual(look(shown), [undefined, "ABORTED", false]);
  await page.unmount();
});

await step("useCall: unmounting aborts, and what is answered afterwards renders nothing", async () => {
  const waiting = holding();
  const { page, shown } = await caller();
  let result;
  await act(async () => void (result = shown.call({ article: "pen", count: 1 })));
  await rendered("sent", () => waiting.length === 1);
  const { renders } = shown;
  await page.unmount();
  assert.equal((await result).error.code, "ABORTED");
  server.send(reply(waiting[0], { number: 7 }));
  await emit(0);
  assert.equal(shown.renders, renders);
});

await step("a call from an effect, as StrictMode runs it twice, ends with one answer", async () => {
  let answers = 0;
  server.answer = (frame, socket) => socket.send(reply(frame, [`answer ${++answers}`]));
  const seen = [];
  const page = await mount(() => {
    const list = useCall(client.stock.list);
    const { call } = list;
    useEffect(() => void call(), [call]);
    seen.push(list.data?.[0]);
  });
  await rendered("answered", () => seen.at(-1) !== undefined);
  await emit(0);
  assert.equal(new Set(seen.filter(Boolean)).size, 1);
  await page.unmount();
});

await step("a call from an effect that runs once, as a ref sees to it in StrictMode, is answered", async () => {
  server.answer = (frame, socket) => socket.send(reply(frame, ["the list"]));
  const shown = {};
  const page = await mount(() => {
    const list = useCall(client.stock.list);
    Object.assign(shown, list);
    const hasRun = useRef(false);
    useEffect(() => {
      if (hasRun.current) return;
      hasRun.current = true;
      void list.call();
    });
  });
  await rendered("answered", () => !shown.pending);
  assert.deepEqual(look(shown), [["the list"], undefined, false]);
  await page.unmount();
});

if (React.Activity) {
  await step("useCall: a call that <Activity> hides is given up, said to be, and can be made again", async () => {
    const waiting = holding();
    const shown = {};
    const Order = () => {
      Object.assign(shown, useCall(client.stock.orderNow));
      return null;
    };
    const page = await mount(({ mode = "visible" }) => createElement(React.Activity, { mode }, createElement(Order)));
    let result;
    await act(async () => void (result = shown.call({ article: "pen", count: 1 })));
    await rendered("sent", () => waiting.length === 1);
    await page.render({ mode: "hidden" });
    assert.equal((await result).error.code, "ABORTED");
    await page.render({ mode: "visible" });
    await rendered("no longer pending", () => !shown.pending);
    assert.deepEqual(look(shown), [undefined, "ABORTED", false]);
    await act(async () => void shown.call({ article: "pen", count: 2 }));
    assert.deepEqual(look(shown), [undefined, undefined, true]);
    await rendered("sent", () => waiting.length === 2);
    server.send(reply(waiting[1], { number: 7 }));
    await rendered("answered", () => !shown.pending);
    assert.deepEqual(look(shown), [{ number: 7 }, undefined, false]);
    await page.unmount();
  });
}

await step("a hook in a component that renders for another reason does nothing new", async () => {
  const [listener, counts] = counted(client.on.stock.length);
  let tick;
  const page = await mount(() => {
    const [n, set] = useState(0);
    tick = () => set(n + 1);
    useEvent(listener, () => {});
    useConnectionState(client);
    useCall(client.ping);
  });
  const { ever } = counts;
  for (let n = 0; n < 5; n++) await act(async () => tick());
  assert.equal(counts.ever, ever);
  await page.unmount();
});

client.close();
await server.stop();
await new Promise(setImmediate);
assert.deepEqual(complaints, [], "React has complained");
console.log(summary());
assert.deepEqual(process.getActiveResourcesInfo().filter((what) => what === "Timeout"), [], "no timer is left");
window.close();
