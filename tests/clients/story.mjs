// One scenario for every platform: a client and examples/chat.rs, which is frozen, killed and restarted meanwhile. It uses only
// what Node, Bun, Deno, pages and workers all have. everywhere.mjs runs it.

function check(what, ...pairs) {
  for (const [is, ought] of pairs) {
    const [left, right] = [is, ought].map((value) => JSON.stringify(value));
    if (left !== right) throw new Error(`${what}: ${left} is not ${right}`);
  }
}

async function until(what, look) {
  const end = Date.now() + 60_000;
  while (!look()) {
    if (Date.now() > end) throw new Error(`not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const rejection = (promise) =>
  promise.then(
    (value) => Promise.reject(new Error(`not rejected, but ${JSON.stringify(value)}`)),
    (error) => error,
  );

/**
 * `generated` is the generated module, `url` the chat's, `control(what)` does something to its server: freeze, thaw, kill,
 * start. `others` is the URL of the servers of story-servers.mjs, and `seesStatus` whether this WebSocket tells the status of an
 * answer to its handshake. Resolves with a summary, or rejects at the first step that fails.
 */
export async function story(setting) {
  const { generated: { createZocketClient, isZocketError }, url, others, seesStatus, WebSocket, control, print } = setting;
  let steps = 0;
  const step = async (name, body) => {
    try {
      await body();
    } catch (error) {
      print(`  FAIL  ${name}: ${error.stack ?? error}`);
      throw error;
    }
    steps += 1;
    print(`  ok    ${name}`);
  };
  const common = { WebSocket, reconnect: { base: 100, cap: 200 } };
  const welcomes = [];
  const diary = [];
  let asked = 0;
  const client = createZocketClient(url, {
    ...common,
    headers: async () => ({ "user-name": `Ann ${++asked}` }),
    onOpen: () => diary.push("open"),
    onClose: () => diary.push("close"),
    // `lastError` is looked at here, since the next attempt may fail before a step looks.
    onError: (error) => diary.push(error === client.lastError ? error.code : `${error.code}, not the last`),
  });
  client.on.people.welcome(({ name }) => welcomes.push(name));

  await step("connects, and hears the first event of its connection", async () => {
    await until("open", () => client.$state.status === "open");
    await until("welcome", () => welcomes.length === 1);
    check("all", [welcomes, ["Ann 1"]], [diary, ["open"]], [client.readyState, 1]);
  });

  const said = [];
  await step("calls are answered, and what a call made the server send is heard before the answer", async () => {
    const joined = await client.room.join({ room: "harbour" });
    check("joined", [joined.people, ["Ann 1"]], [joined.history, []]);
    const stop = client.on.room.said(({ line }) => said.push(line.text));
    const answer = await client.room.post({ room: "harbour", text: "Hello" });
    check("said", [said, ["Hello"]], [answer, undefined]);
    stop();
    await client.room.post({ room: "harbour", text: "Nobody hears" });
    check("said", [said, ["Hello"]]);
    const rooms = await client.room.list();
    check("rooms", [rooms.length, 1]);
  });

  await step("errors have their code, their issues, their data", async () => {
    const invalid = await rejection(client.room.post({ room: "harbour", text: "" }));
    check("invalid", [isZocketError(invalid), true], [invalid.code, "INVALID_PAYLOAD"], [invalid.route, "room.post"], [
      invalid.issues[0].path,
      "/text",
    ]);
    const own = await client.room.post.try({ room: "desert", text: "Hello" });
    check("own", [own.ok, false], [own.error.code, "NOT_IN_ROOM"], [own.error.data, { room: "desert" }]);
  });

  await step("an iterator yields what is said, until it is left", async () => {
    const seen = [];
    const reading = (async () => {
      for await (const { line } of client.on.room.said) {
        seen.push(line.text);
        if (line.text === "3") break;
      }
    })();
    for (const text of ["1", "2", "3", "4"]) await client.room.post({ room: "harbour", text });
    await reading;
    check("seen", [seen, ["1", "2", "3"]]);
  });

  await step("a call times out, and can be aborted, where the server stands still", async () => {
    await control("freeze");
    const abort = new AbortController();
    const aborted = rejection(client.room.list(undefined, { signal: abort.signal }));
    const late = await rejection(client.room.list(undefined, { timeout: 50 }));
    abort.abort();
    check("codes", [late.code, "TIMEOUT"], [(await aborted).code, "ABORTED"]);
    await control("thaw");
    await client.room.list();
  });

  await step("killed in mid-call: that call fails, those made meanwhile are answered by the next server", async () => {
    await control("freeze");
    const underWay = rejection(client.room.list());
    await control("kill");
    check("lost", [(await underWay).code, "CONNECTION_LOST"]);
    const meanwhile = client.room.join({ room: "after" });
    await until("further attempts", () => asked >= 3);
    await control("start");
    check("answered", [(await meanwhile).people, welcomes.slice(-1)]);
    check("the token was asked for again", [welcomes.at(-1), `Ann ${asked}`], [client.lastError, null]);
    check("diary", [diary.slice(0, 3), ["open", "close", "CONNECTION_LOST"]], [diary.at(-1), "open"], [
      diary.filter((one) => one === "open").length,
      2,
    ]);
  });

  await step("a server that is there no more, though the connection is, is noticed", async () => {
    const errors = [];
    const onError = ({ code }) => errors.push(code);
    const other = createZocketClient(url, { ...common, heartbeat: 100, patience: 300, onError });
    await until("open", () => other.$state.status === "open");
    await control("freeze");
    await until("noticed", () => errors.includes("CONNECTION_LOST"));
    await control("thaw");
    await until("open", () => other.$state.status === "open");
    other.close();
  });

  await step("onConnect: what waited for the next server is sent once the room has been joined there", async () => {
    const diary = [];
    const member = createZocketClient(url, {
      ...common,
      onConnect: async (client) => {
        await client.room.join({ room: "market" });
        diary.push("joined");
      },
      onOpen: () => diary.push("open"),
    });
    await member.room.post({ room: "market", text: "Hello" });
    await control("kill");
    await until("noticed", () => member.$state.status === "closed");
    const post = member.room.post({ room: "market", text: "Hello again" }).then(() => diary.push("posted"));
    await control("start");
    await post;
    check("diary", [diary, ["joined", "open", "joined", "open", "posted"]]);
    member.close();
  });

  await step("who listens once a reply has come hears the event that came right behind it", async () => {
    const other = createZocketClient(`${others}/burst`, common);
    const heard = [];
    // Through some functions of one's own, and as a value: each takes a few turns more.
    const join = async () => {
      const joined = await other.room.join.try({ room: "harbour" });
      return joined.value;
    };
    const joinAndListen = async () => {
      await join();
      other.on.room.said(({ line }) => heard.push(line.text));
      await null;
      await null;
      heard.push("listening");
    };
    await joinAndListen();
    await until("heard", () => heard.length === 3);
    check("heard", [heard, ["listening", "1", "2"]]);
    other.close();
  });

  await step("somebody else's refusal of the handshake is told apart from a connection that was lost", async () => {
    for (const [status, code, outcome] of [[401, "UNAUTHORIZED", "stopped"], [404, "REFUSED", "stopped"], [502, "REFUSED", "closed"]]) {
      const ends = [];
      const onClose = ({ error }) => ends.push({ error, status: refused.$state.status });
      const refused = createZocketClient(`${others}/status/${status}`, { ...common, onClose });
      await until("an end", () => ends.length > 0);
      const [end] = ends;
      const { message } = end.error;
      const told = [end.error.code, end.error.status ?? null, end.status];
      if (seesStatus) {
        check(message, [told, [code, status, outcome]], [message.startsWith(`the server refused the connection (${status})`), true]);
      } else check(message, [told, ["NOT_CONNECTED", null, "closed"]], [message.startsWith("could not connect (1006)"), true]);
      refused.close();
    }
  });

  await step("who is sent away stays away, and who is asked to come back does; a page can tell", async () => {
    for (
      const [sent, code, comesBack] of [
        [1008, "KICKED", false],
        [4000, "KICKED", false],
        [4003, "KICKED", false],
        [4499, "KICKED", false],
        [4500, "CONNECTION_LOST", true],
        [1011, "CONNECTION_LOST", true],
        [1012, "RESTARTING", true],
        [1013, "CONNECTION_LOST", true],
        [1000, null, true],
      ]
    ) {
      let close;
      const sentAway = createZocketClient(`${others}/close/${sent}/${Math.random()}`, { ...common, onClose: (one) => (close ??= one) });
      await until("an end", () => close);
      check(`${sent}`, [close.code, sent], [close.reason, "because"], [close.error?.code ?? null, code]);
      if (comesBack) await until("another connection", () => sentAway.$state.status === "open");
      else check("stays away", [sentAway.$state.status, "stopped"], [(await rejection(sentAway.room.list())).code, "KICKED"]);
      sentAway.close();
    }
  });

  await step("a refusal is told, and final", async () => {
    const refused = createZocketClient(url, { ...common, headers: { visitor: "too short" } });
    const error = await rejection(refused.room.list());
    check("refused", [error.code, "INVALID_HEADERS"], [error.status, 400], [refused.$state.status, "stopped"]);
  });

  await step("close() is the end, of iterators too", async () => {
    const reading = (async () => {
      for await (const _ of client.on.room.said);
      return "ended";
    })();
    client.close();
    check("ended", [await reading, "ended"], [(await rejection(client.room.list())).code, "CLOSED"], [
      client.readyState,
      3,
    ]);
  });

  return `${steps} steps passed, 0 failed`;
}
