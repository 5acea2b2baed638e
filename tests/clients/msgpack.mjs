// The MessagePack codec: `node msgpack.mjs <url>` with Node 22, against the server of tests/programs/typescript_msgpack.rs.
// First alone, byte by byte; then in a client, compared with one that speaks JSON: the results must be the same.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

import { msgpack } from "../../zocket-cli/src/typescript/msgpack.ts";
import { connect } from "../../zocket-cli/src/typescript/runtime.ts";
import { rejection, seeded, step, summary, until } from "./support.mjs";

const url = process.argv[2];
const bytes = (text) => Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16));
const hex = (data) => Buffer.from(data).toString("hex");
const text = (value) => hex(Buffer.from(value));
const decode = (message) => msgpack.decode(Uint8Array.from(message).buffer);

/** Values, and the only way in which each is written. */
const both = [
  [null, "c0"],
  [false, "c2"],
  [true, "c3"],
  [0, "00"],
  [127, "7f"],
  [128, "cc80"],
  [255, "ccff"],
  [256, "cd0100"],
  [65535, "cdffff"],
  [65536, "ce00010000"],
  [4294967295, "ceffffffff"],
  [4294967296, "cf0000000100000000"],
  [Number.MAX_SAFE_INTEGER, "cf001fffffffffffff"],
  [2n ** 53n, "cf0020000000000000"],
  [2n ** 64n - 1n, "cfffffffffffffffff"],
  [-1, "ff"],
  [-32, "e0"],
  [-33, "d0df"],
  [-128, "d080"],
  [-129, "d1ff7f"],
  [-32768, "d18000"],
  [-32769, "d2ffff7fff"],
  [-2147483648, "d280000000"],
  [-2147483649, "d3ffffffff7fffffff"],
  [Number.MIN_SAFE_INTEGER, "d3ffe0000000000001"],
  [-(2n ** 63n), "d38000000000000000"],
  [2n ** 64n, `c71401${text("18446744073709551616")}`],
  [-(2n ** 63n) - 1n, `c71401${text("-9223372036854775809")}`],
  [0.5, "cb3fe0000000000000"],
  [0.1, "cb3fb999999999999a"],
  [2 ** 60, "cb43b0000000000000"],
  [1e300, "cb7e37e43c8800759c"],
  [5e-324, "cb0000000000000001"],
  ["", "a0"],
  ["a\u0000\ufeff\u{1f980}", "a9" + text("a\u0000\ufeff\u{1f980}")],
  ["\ufeffa", "a4" + text("\ufeffa")],
  ["x".repeat(31), `bf${"78".repeat(31)}`],
  ["x".repeat(32), `d920${"78".repeat(32)}`],
  ["é".repeat(128), `da0100${"c3a9".repeat(128)}`],
  ["x".repeat(65536), `db00010000${"78".repeat(65536)}`],
  [[], "90"],
  [Array(15).fill(7), `9f${"07".repeat(15)}`],
  [Array(16).fill(7), `dc0010${"07".repeat(16)}`],
  [Array(65536).fill(7), `dd00010000${"07".repeat(65536)}`],
  [{}, "80"],
  [{ b: 1, a: [{ "": null }] }, "82a16201a1619181a0c0"],
  [Object.fromEntries(Array.from("abcdefghijklmnop", (key) => [key, 7])), `de0010${Array.from("abcdefghijklmnop", (key) => `a1${text(key)}07`).join("")}`],
];

await step("each value is written in its one way, and comes back the same", () => {
  for (const [value, message] of both) {
    assert.equal(hex(msgpack.encode(value)), message);
    const back = decode(bytes(message));
    assert.deepEqual(back, value);
    assert.equal(Object.is(back, -0), false);
  }
});

await step("other ways in which a value may be written are read", () => {
  const cases = {
    ca3fc00000: 1.5,
    ca80000000: -0,
    cf0000000000000001: 1,
    d3ffffffffffffffff: -1,
    d001: 1,
    d90161: "a",
    da000161: "a",
    dc000107: [7],
    de0001a16107: { a: 7 },
    d40137: 7,
    [`c70501${text("1e400")}`]: Infinity,
    [`d701${text("-1.5e+10")}`]: -1.5e10,
  };
  for (const [message, value] of Object.entries(cases)) {
    if (typeof value === "object") assert.deepEqual(decode(bytes(message)), value, message);
    else assert.ok(Object.is(decode(bytes(message)), value), message);
  }
});

await step("values are written as JSON.stringify would", () => {
  class Point {
    #hidden = 1;
    constructor() {
      this.x = 1;
      this.nothing = undefined;
      this.method = () => this.#hidden;
    }
  }
  const shared = { a: 1 };
  for (const value of [
    new Date(0),
    { at: new Date(0), url: new URL("http://a.test/"), nothing: undefined, symbol: Symbol("s"), run() {} },
    // eslint-disable-next-line no-sparse-arrays
    [undefined, , () => 1, Symbol("s"), new Date(1)],
    { toJSON: (key) => `key ${key}`, a: { toJSON: (key) => ({ key }) } },
    { a: { toJSON: (key) => ({ key }) }, b: [{ toJSON: (key) => key }], c: { toJSON: () => undefined } },
    [NaN, Infinity, -Infinity, -0],
    new Point(),
    [new Map([[1, 2]]), new Set([1])],
    [shared, shared],
    Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true }, unseen: { value: 3 } }),
    JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'),
  ]) {
    assert.deepEqual(decode(msgpack.encode(value)), JSON.parse(JSON.stringify(value)));
  }
  assert.equal({}.polluted, undefined);
  const circular = {};
  circular.own = circular;
  assert.throws(() => msgpack.encode(circular), RangeError);
});

await step("a key that everything inherits is a key like others", () => {
  const message = JSON.parse('{"__proto__":{"polluted":1},"a":1}');
  const back = decode(msgpack.encode(message));
  assert.deepEqual(Object.keys(back), ["__proto__", "a"]);
  assert.equal(Object.getPrototypeOf(back), Object.prototype);
  assert.equal(back.polluted, undefined);
});

await step("bytes are written as bytes", () => {
  for (const [length, head] of [[0, "c400"], [3, "c403"], [256, "c50100"], [65536, "c600010000"]]) {
    const data = new Uint8Array(length).fill(255);
    assert.equal(hex(msgpack.encode(data)), head + "ff".repeat(length));
    // Read as the server reads them.
    assert.deepEqual(decode(msgpack.encode([data, 1])), [[...data], 1]);
  }
  assert.equal(hex(msgpack.encode([Buffer.from("hi")])), "91c4026869");
});

await step("what is no message throws, and a claimed length costs nothing", () => {
  const started = process.cpuUsage();
  for (const message of ["", "c1", "91", "81a161", "a5616263", "d9", "db00", "cb00", "dd00ffffff", "df00ffffff", "dbffffffff", "c6ffffffff",
    "c402ff", "c6ffffffffff", "d40037", "0102", "a1ff", "c70101", "d401ff", "d40178", "91c1"])
    assert.throws(() => decode(bytes(message)), message);
  assert.throws(() => msgpack.decode("{}"), TypeError);
  assert.throws(() => decode(new Uint8Array(1_000_000).fill(0x91)), RangeError);
  // CPU time of this process only, in µs: other processes may be using the machine.
  const { user, system } = process.cpuUsage(started);
  assert.ok(user + system < 5_000_000, `${user + system} µs`);
});

await step("it is a small part of a page's download", async () => {
  const entryPoints = [new URL("../../zocket-cli/src/typescript/msgpack.ts", import.meta.url).pathname];
  const { outputFiles: [script] } = await build({ entryPoints, minify: true, format: "esm", target: "es2022", write: false });
  const zipped = gzipSync(script.contents, { level: 9 }).length;
  console.log(`        msgpack.ts: ${script.contents.length} bytes minified, ${zipped} gzipped`);
  assert.ok(zipped > 500 && zipped <= 1_500, `${zipped}`);
});

// ---- In a client ----

const contract = { hash: "0", calls: ["echo", "wide", "bytes", "refuse", "shout", "crash"], events: ["shouted"] };
const errors = [];
const client = connect(contract, url, { codec: msgpack, onError: (error) => errors.push(error) });
const plain = connect(contract, url, { onError: (error) => errors.push(error) });

await step("a client connects, is answered, and hears events", async () => {
  assert.equal(await client.echo("hi"), "hi");
  const heard = [[], []];
  client.on.shouted((event) => heard[0].push(event));
  plain.on.shouted((event) => heard[1].push(event));
  await plain.echo(0);
  for (let n = 0; n < 20; n++) await (n % 2 ? client : plain).shout({ text: "é".repeat(n * 40), n });
  await until("all events", () => heard[0].length === 20 && heard[1].length === 20);
  assert.deepEqual(heard[0].map((event) => event.n), [...Array(20).keys()]);
  assert.deepEqual(heard[0], heard[1]);
});

await step("errors are what they are in JSON", async () => {
  for (const call of [
    (one) => one.refuse(3),
    (one) => one.refuse("x"),
    (one) => one.wide({ unsigned: -1, signed: 0.5, huge: 0 }),
    (one) => one.bytes([256]),
    (one) => one.crash(),
  ]) {
    const [ours, theirs] = [await rejection(call(client)), await rejection(call(plain))];
    const what = ({ code, message, issues, data, route }) => ({ code, message, issues, data, route });
    assert.deepEqual(what(ours), what(theirs));
    assert.ok(ours.code);
  }
});

await step("integers are exact to the last digit", async () => {
  const [most, least] = [2n ** 64n - 1n, -(2n ** 63n)];
  for (const value of [
    { unsigned: most, signed: least, huge: 2n ** 128n - 1n },
    { unsigned: 2n ** 53n + 1n, signed: -(2n ** 53n) - 1n, huge: 2n ** 64n },
    { unsigned: 0, signed: -1, huge: 1 },
  ])
    assert.deepEqual(await client.wide(value), value);
  // A float may represent an integer, as sent by a client without integers.
  assert.deepEqual(await client.wide({ unsigned: 2 ** 60, signed: -(2 ** 62), huge: 2 ** 100 }), {
    unsigned: 2n ** 60n,
    signed: -(2n ** 62n),
    huge: 2n ** 100n,
  });
  assert.deepEqual(await client.wide({ unsigned: 1n, signed: -1n, huge: 1n }), { unsigned: 1, signed: -1, huge: 1 });
});

await step("bytes reach what reads bytes", async () => {
  const data = Uint8Array.from({ length: 300 }, (_, n) => n);
  assert.deepEqual(await client.bytes(data), [...data]);
  assert.deepEqual(await client.bytes([1, 2]), [1, 2]);
});

await step("whatever the two clients send comes back to both as the same", async () => {
  const random = seeded(4);
  const below = (end) => Math.floor(random() * end);
  const pick = (...values) => values[below(values.length)];
  const anyText = () => Array.from({ length: below(40) }, () => String.fromCodePoint(pick(below(0x20), 0x22, 0x5c, 0x20 + below(0x60), 0xa0 + below(0xd000), 0x1f980))).join("");
  const anyInteger = () => BigInt.asIntN(1 + below(64), BigInt(below(2 ** 32)) << 32n | BigInt(below(2 ** 32)));
  const safe = (n) => (Number.isSafeInteger(Number(n)) ? Number(n) : n);
  const anyValue = (depth) => {
    switch (below(depth ? 9 : 7)) {
      case 0:
        return pick(null, true, false);
      case 1:
        return safe(anyInteger());
      case 2:
        return safe(BigInt.asUintN(64, anyInteger()));
      case 3:
        // Not beyond 2^53, where a JSON client writes an integer that is not the same.
        return (random() - 0.5) * 10 ** pick(-300, -5, 0, 3, 9);
      case 4:
        return Math.fround(random() * 1000);
      case 5:
      case 6:
        return anyText();
      case 7:
        return Array.from({ length: below(20) }, () => anyValue(depth - 1));
      default:
        return Object.fromEntries(Array.from({ length: below(20) }, () => [anyText(), anyValue(depth - 1)]));
    }
  };
  for (let n = 0; n < 400; n++) {
    const value = anyValue(3);
    const [ours, theirs] = await Promise.all([client.echo(value), plain.echo(value)]);
    assert.deepEqual(ours, value);
    assert.deepEqual(theirs, value);
  }
});

assert.deepEqual(errors, []);
client.close();
plain.close();
console.log(summary());
