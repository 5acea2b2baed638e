// A client with the MessagePack codec, and the two servers of tests/programs/typescript_msgpack.rs: one speaks it, one does
// not. It uses only what Node, Bun, Deno and pages all have. fallback.mjs runs it.

function check(what, is, ought) {
  const [left, right] = [is, ought].map((value) =>
    JSON.stringify(value, (_, value) => (typeof value === "bigint" ? `${value}n` : value)),
  );
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`);
}

/** The platform's WebSocket, which records what it sent, and what the server selected. */
function watched(WebSocket, seen) {
  return class extends WebSocket {
    send(data) {
      seen.sent.push(typeof data === "string" ? data : "bytes");
      seen.protocol = this.protocol;
      super.send(data);
    }
  };
}

/** Resolves with a summary, or rejects at the first step that fails. */
export async function story({ connect, msgpack, packed, plain, WebSocket = globalThis.WebSocket, print }) {
  const contract = { hash: "0", calls: ["echo", "wide", "bytes", "refuse", "shout"], events: ["shouted"] };
  let steps = 0;
  for (const [url, chosen] of [[packed, "zocket.msgpack"], [plain, "zocket.json"]]) {
    const seen = { sent: [], protocol: "" };
    const errors = [];
    const options = { codec: msgpack, WebSocket: watched(WebSocket, seen), onError: (error) => errors.push(error) };
    const client = connect(contract, url, options);
    const events = [];
    client.on.shouted(({ text, n }) => events.push([text, n]));

    // Made before the codec is known, and changed afterwards.
    const payload = { text: "before", n: 1, at: new Date(0), nothing: undefined };
    const early = client.echo(payload);
    payload.text = "after";
    // The server sorts the members of any value.
    check("a call that waited", await early, { at: "1970-01-01T00:00:00.000Z", n: 1, text: "before" });
    check("what is spoken", seen.protocol, chosen);

    const wide = { unsigned: 2n ** 64n - 1n, signed: -(2n ** 63n), huge: 2n ** 128n - 1n };
    check("integers", await client.wide(wide), wide);
    check("bytes", await client.bytes(Uint8Array.of(0, 127, 255)), [0, 127, 255]);
    check("bytes of a longer form", await client.bytes(new Uint8Array(300)), Array(300).fill(0));
    check("what has no number", await client.echo([NaN, -0.5, "\u0000é\u{1f980}"]), [null, -0.5, "\u0000é\u{1f980}"]);
    const failed = await client.refuse.try(3);
    check("an error", [failed.error.code, failed.error.data], ["TOO_MANY", { most: 2 }]);
    await client.shout({ text: "é", n: 7 });
    check("an event", events, [["é", 7]]);

    const forms = new Set(seen.sent.map((sent) => (sent === "bytes" ? sent : "text")));
    check("the frames", [...forms], [chosen === "zocket.msgpack" ? "bytes" : "text"]);
    client.reconnect();
    check("after another connection", await client.echo(1), 1);
    check("errors", errors.map((error) => error.message), []);
    client.close();
    steps += 1;
    print(`  ok    ${chosen} is chosen, and all comes to the same`);
  }
  return `${steps} steps passed, 0 failed`;
}
