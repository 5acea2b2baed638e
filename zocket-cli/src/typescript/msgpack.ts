// MessagePack instead of JSON, for servers built with `.msgpack(true)`; with others the client speaks JSON all the same:
//
//   createZocketClient(url, { codec: msgpack })
//
// The messages are the same: values are written as `JSON.stringify` would (`toJSON` is called, what is undefined is left
// out, NaN is null), and integers are exact to the last digit. A Uint8Array is sent as bytes, which the server reads as what
// it receives for a `Vec<u8>` in JSON: an array of numbers. It never sends bytes itself; they would be read as such an array.

/** The numbers of MessagePack, as DataView calls them, in the order of their heads from 0xca on. */
const forms = [
  "Float32",
  "Float64",
  "Uint8",
  "Uint16",
  "Uint32",
  "BigUint64",
  "Int8",
  "Int16",
  "Int32",
  "BigInt64",
] as const;
const widths = [4, 8, 1, 2, 4, 8, 1, 2, 4, 8];
const [float64, uint8, int8] = [1, 2, 6];
const firstForm = 0xca;
/** The extension type of numbers that MessagePack has no form for: their digits, as in JSON. */
const numberExtension = 1;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What to pass as the option `codec`. */
export const msgpack = {
  protocol: "zocket.msgpack",

  encode(message: unknown): Uint8Array<ArrayBuffer> {
    let bytes = new Uint8Array(256);
    let at = 0;

    /** Makes room for `length` more bytes: where they begin in `bytes`, which may be another from here on. */
    const room = (length: number) => {
      const start = at;
      at += length;
      if (at > bytes.length) {
        const larger = new Uint8Array(at * 2);
        larger.set(bytes);
        bytes = larger;
      }
      return start;
    };
    const byte = (value: number) => {
      const start = room(1);
      bytes[start] = value;
    };
    const raw = (data: Uint8Array) => {
      const start = room(data.length);
      bytes.set(data, start);
    };
    const number = (form: number, value: number | bigint) => {
      const start = room(widths[form]!);
      new DataView(bytes.buffer)[`set${forms[form]!}`](start, value as never);
    };
    /** The head of something of this length: in one byte up to `most`, else followed by it in 1 (`wide`), 2 or 4 bytes. */
    const head = (length: number, short: number, most: number, wide: number, size = 0) => {
      if (length <= most) return byte(short | length);
      while (length >= 2 ** (8 << size)) size++;
      byte(wide + size);
      number(uint8 + size, length);
    };

    const integer = (value: number | bigint) => {
      if (value >= -32 && value < 128) return byte(Number(value));
      const [first, bits] = value < 0 ? [int8, -1] : [uint8, 0];
      for (let size = 0; size < 4; size++) {
        const end = 2 ** ((8 << size) + bits);
        if (value < 0 ? value >= -end : value < end) {
          byte(firstForm + first + size);
          return number(first + size, size < 3 ? Number(value) : BigInt(value));
        }
      }
      const digits = encoder.encode(`${value}`);
      head(digits.length, 0, -1, 0xc7);
      byte(numberExtension);
      raw(digits);
    };
    const string = (value: string) => {
      const text = encoder.encode(value);
      head(text.length, 0xa0, 31, 0xd9);
      raw(text);
    };
    const write = (value: unknown): void => {
      if (typeof value === "string") string(value);
      else if (typeof value === "bigint" || Number.isSafeInteger(value)) integer(value as number | bigint);
      else if (Number.isFinite(value)) {
        byte(firstForm + float64);
        number(float64, value as number);
      } else if (value === true) byte(0xc3);
      else if (value === false) byte(0xc2);
      else if (value instanceof Uint8Array) {
        head(value.length, 0, -1, 0xc4);
        raw(value);
      } else if (Array.isArray(value)) {
        head(value.length, 0x90, 15, 0xdb, 1);
        for (const [index, item] of value.entries()) write(plain(item, `${index}`));
      } else if (value && typeof value === "object") {
        const members = Object.keys(value)
          .map((key) => [key, plain((value as Record<string, unknown>)[key], key)] as const)
          .filter(([, member]) => !isNothing(member));
        head(members.length, 0x80, 15, 0xdd, 1);
        for (const [key, member] of members) {
          string(key);
          write(member);
        }
      } else byte(0xc0);
    };
    write(plain(message, ""));
    return bytes.subarray(0, at);
  },

  decode(frame: string | ArrayBuffer): unknown {
    if (typeof frame === "string") throw new TypeError("a text frame, where MessagePack is spoken");
    const view = new DataView(frame);
    let at = 0;

    const skip = (length: number) => (at += length) - length;
    const number = (form: number) => exact(view[`get${forms[form]!}`](skip(widths[form]!)));
    const length = (size: number) => number(uint8 + size) as number;
    // A view of more than there is throws.
    const bytes = (length: number) => new Uint8Array(frame, skip(length), length);
    const text = (length: number) => decoder.decode(bytes(length));
    const array = (length: number) => {
      const items: unknown[] = [];
      while (length--) items.push(read());
      return items;
    };
    const map = (length: number) => {
      const members: Record<string, unknown> = {};
      while (length--) {
        const key = read() as string;
        // By assignment, this one would change what the object inherits.
        if (key === "__proto__") Object.defineProperty(members, key, own);
        members[key] = read();
      }
      return members;
    };
    const extension = (length: number) => {
      const type = view.getUint8(skip(1));
      const digits = text(length);
      if (type !== numberExtension) throw new TypeError(`extension type ${type}`);
      return /[.e]/i.test(digits) ? Number(digits) : exact(BigInt(digits));
    };
    const read = (): unknown => {
      const head = view.getUint8(skip(1));
      if (head < 0x80) return head;
      if (head < 0x90) return map(head & 15);
      if (head < 0xa0) return array(head & 15);
      if (head < 0xc0) return text(head & 31);
      if (head === 0xc0) return null;
      if (head === 0xc2 || head === 0xc3) return head === 0xc3;
      if (head >= 0xc4 && head < 0xc7) return [...bytes(length(head - 0xc4))];
      if (head >= 0xc7 && head < 0xca) return extension(length(head - 0xc7));
      if (head >= 0xca && head < 0xd4) return number(head - firstForm);
      if (head >= 0xd4 && head < 0xd9) return extension(1 << (head - 0xd4));
      if (head >= 0xd9 && head < 0xdc) return text(length(head - 0xd9));
      if (head >= 0xdc && head < 0xde) return array(length(head - 0xdb));
      if (head >= 0xde && head < 0xe0) return map(length(head - 0xdd));
      if (head >= 0xe0) return head - 0x100;
      throw new TypeError(`0x${head.toString(16)} begins no value that is expected`);
    };
    const message = read();
    if (at < view.byteLength) throw new RangeError("the frame goes on after its message");
    return message;
  },
};

const own = { value: null, configurable: true, enumerable: true, writable: true };

/** A bigint only where a number would not be exact. */
const exact = (value: number | bigint) =>
  typeof value === "bigint" && Number.isSafeInteger(Number(value)) ? Number(value) : value;

/** What JSON leaves out of an object, and has null for in an array. */
const isNothing = (value: unknown) => value === undefined || typeof value === "function" || typeof value === "symbol";

/** What stands for a value in JSON. Bytes are themselves: Node's Buffer has a `toJSON` that no server reads. */
const plain = (value: unknown, key: string): unknown => {
  const { toJSON } = (value ?? {}) as { toJSON?: unknown };
  const stands = typeof value === "object" && !(value instanceof Uint8Array) && typeof toJSON === "function";
  return stands ? toJSON.call(value, key) : value;
};
