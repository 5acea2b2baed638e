// Exact integers in both directions: `node integers.mjs` with Node 22, whose own JSON.parse shows a number's source,
// which is what the runtime is compared with.
import assert from "node:assert/strict";

import { createZocketClient } from "./fixtures/shop.ts";
import { FakeServer, reply, seeded, step, summary } from "./support.mjs";

const server = await FakeServer.start();
const client = createZocketClient(server.url);

/** What the client makes of a payload, given as text. */
const received = (text) => {
  server.answer = (frame, socket) => socket.send(`{"type":"__rpc_res","rpcId":"${frame.rpcId}","payload":${text}}`);
  return client.echo.any();
};
/** The text that the server gets for a payload. */
const sent = async (payload) => {
  server.answer = (frame, socket) => socket.send(reply(frame));
  await client.echo.any(payload);
  return /^\{"type":"echo.any","payload":(.*),"rpcId":"\w+"\}$/s.exec(server.lastText)[1];
};
/** An independent reader, which uses the source of each number. */
const exactly = (text) =>
  JSON.parse(
    text,
    (_, value, { source }) =>
      typeof value === "number" && /^-?\d+$/.test(source) && !Number.isSafeInteger(value) ? BigInt(source) : value,
  );

/** An independent writer: each integer separately, everything else with JSON. */
const plainly = (value) => {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(plainly).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}:${plainly(one)}`).join()}}`;
};

await step("what is safe is a number, what is not is a bigint", async () => {
  const cases = {
    "9007199254740991": 9007199254740991,
    "-9007199254740991": -9007199254740991,
    "9007199254740992": 9007199254740992n,
    "9007199254740993": 9007199254740993n,
    "-9007199254740993": -9007199254740993n,
    "18446744073709551615": 2n ** 64n - 1n,
    "-9223372036854775808": -(2n ** 63n),
    "340282366920938463463374607431768211455": 2n ** 128n - 1n,
    "1000000000000000": 1e15,
    "-0": -0,
    "0": 0,
    "5e-324": 5e-324,
    "-1e-323": -1e-323,
    "2.2250738585072014e-308": 2 ** -1022,
    "1e300": 1e300,
    "1E+30": 1e30,
    "12345678901234567.0": 12345678901234567,
    "12345678901234567e2": 12345678901234567e2,
    "0.12345678901234567890": 0.1234567890123456789,
  };
  for (const [text, value] of Object.entries(cases)) assert.ok(Object.is(await received(text), value), text);
});

await step("the smallest numbers, which stand for others meanwhile, are themselves", async () => {
  const value = [5e-324, 2n ** 64n, 1e-323, 0, -5e-324, 2n ** 65n, -(2n ** 65n), 2 ** -1022, 1.5e-310, 1n, "5e-324", {
    "5e-324": "12",
  }];
  assert.equal(await sent(value), plainly(value));
  assert.deepEqual(await received(`[-0,${plainly(value).slice(1)}`), [
    -0,
    ...value.map((one) => (one === 1n ? 1 : one)),
  ]);
});

await step("strings are left alone, whatever they look like", async () => {
  const strings = [
    "~12",
    "~~12",
    "~",
    "~12345678901234567890",
    "12345678901234567890",
    '"~1234567890123456789',
    "\\~1",
    "\\",
    '"',
    "\u007e9",
    "a\n~1\u2028",
    '{"a":12345678901234567890}',
  ];
  const value = {
    strings,
    big: 2n ** 63n,
    "~1": "~1",
    "12345678901234567890": 1,
    nested: [{ "~~": ["~x", 2n ** 70n] }],
  };
  const text = await sent(value);
  assert.deepEqual(await received(text), value);
  assert.deepEqual(exactly(text), value);
  assert.deepEqual(await received('[12345678901234567890, "\\u007e5", "\\u007E5", "\\u007e~5", {"\\u007e5" : "~5"}]'), [
    12345678901234567890n,
    "~5",
    "~5",
    "~~5",
    { "~5": "~5" },
  ]);
});

await step("a bigint is sent as an integer, also where a page has given it a toJSON", async () => {
  assert.equal(await sent(2n ** 64n - 1n), "18446744073709551615");
  assert.equal(
    await sent({ a: [1n, "~1", -5n], when: new Date(0) }),
    '{"a":[1,"~1",-5],"when":"1970-01-01T00:00:00.000Z"}',
  );
  try {
    BigInt.prototype.toJSON = function () {
      return this.toString();
    };
    assert.equal(await sent({ id: 2n ** 60n, text: "~~" }), '{"id":1152921504606846976,"text":"~~"}');
  } finally {
    delete BigInt.prototype.toJSON;
  }
});

await step("2,000 random values: text → client → text, as an independent reading has them", async () => {
  const random = seeded(20_260_101);
  const below = (limit) => Math.floor(random() * limit);
  const digits = (count) => Array.from({ length: count }, (_, at) => (at ? below(10) : 1 + below(9))).join("");
  const pieces = [
    "~",
    "~~",
    '"',
    "\\",
    "1234567890123456789",
    "a",
    "\u007e",
    "\u{1f980}",
    "\n",
    ":",
    "{",
    "]",
    "-",
    "e",
  ];
  const string = () => Array.from({ length: below(5) }, () => pieces[below(pieces.length)]).join("");
  const written = () => JSON.stringify(string()).replace(/~/g, () => ["~", "\\u007e", "\\u007E"][below(3)]);
  const space = () => " ".repeat(below(2));
  const value = (depth) => {
    const kind = below(depth ? 9 : 6);
    if (kind === 0) return `${below(2) ? "-" : ""}${digits(1 + below(39))}`;
    if (kind === 1) return `${digits(1 + below(20))}.${digits(1 + below(20))}`;
    if (kind === 2) return `${digits(1 + below(18))}e${below(2) ? "-" : ""}${below(340)}`;
    if (kind === 3) return written();
    if (kind === 4) return BigInt.asIntN(64, BigInt(digits(19))).toString();
    if (kind === 5) return ["null", "true", "false", "0"][below(4)];
    const inner = Array.from({ length: below(5) }, () => value(depth - 1));
    if (kind === 6) return `[${inner.join(`${space()},`)}${space()}]`;
    return `{${inner.map((one) => `${written()}${space()}:${space()}${one}`).join(",")}}`;
  };
  let big = 0;
  for (let n = 0; n < 2_000; n++) {
    const text = value(4);
    const expected = exactly(text);
    assert.deepEqual(await received(text), expected, text);
    assert.deepEqual(await sent(expected), plainly(expected), text);
    big += /\d{16}/.test(text);
  }
  assert.ok(big > 500, `${big} of them with big integers`);
});

await step("a message of 20 MB with one big integer is read", async () => {
  const long = "x\\n".repeat(7_000_000);
  const value = await received(`["${long}",18446744073709551615]`);
  assert.equal(value[0].length, 14_000_000);
  assert.equal(value[1], 2n ** 64n - 1n);
});

client.close();
await server.stop();
console.log(summary());
