/*
 * Everything that a payload can be. Not a comment's end: *\/ and not code: `${x}`.
 *
 * The client of the router `everything`, made by `zocket ts`: do not edit, make it anew.
 * Contract c16ff7c7a7bee184fbd3b10a2f355c0c.
 *
 * 64-bit integers are an `Integer`: a `number` where that is exact, a `bigint` beyond 2^53.
 */

/** Tagged beside the content. */
export type Adjacent =
  | { t: "Unit" }
  | { t: "New"; c: Leaf }
  | { t: "Pair"; c: [number, boolean] }
  | {
      t: "Fields";
      c: {
        /**
         * @format uint8
         * @maximum 9
         */
        a: number;
      };
    };

export interface Aliased {
  room: string;
}

/**
 * An integer alone.
 * @format uint64
 */
export type Big = Integer;

/**
 * The name of one connection.
 * @pattern ^[A-Za-z0-9_-]{21}[AQgw]$
 */
export type ClientId = string;

export interface Closed {
  /** @format uint32 */
  n: number;
  note?: Leaf | null;
}

export interface ClosedOutput {
  /** @format uint32 */
  n: number;
  note: Leaf | null;
}

export interface Duration {
  /** @format uint64 */
  secs: Integer;
  /**
   * @format uint32
   * @maximum 999999999
   */
  nanos: number;
}

export type Either = { left: Leaf } | { right: string[] };

/** Called as a type of the generated file. */
export interface Event {
  /** @format uint32 */
  at: number;
}

export type Expression =
  | { number: number }
  | { sum: [Expression, Expression] }
  | { not: Expression };

/** Externally tagged. */
export type External =
  | "Nothing"
  /** With a description, it stands apart in the schema. */
  | "Described"
  | { One: Leaf }
  /** Two at once. */
  | { Two: [number, string] }
  | {
      Fields: {
        /**
         * The first.
         * @format uint8
         */
        a: number;
        b?: string | null;
      };
    }
  | { None: null };

/** Externally tagged. */
export type ExternalOutput =
  | "Nothing"
  /** With a description, it stands apart in the schema. */
  | "Described"
  | { One: Leaf }
  /** Two at once. */
  | { Two: [number, string] }
  | {
      Fields: {
        /**
         * The first.
         * @format uint8
         */
        a: number;
        b: string | null;
      };
    }
  | { None: null };

/** Sends one random message of each kind of `echo`, grown from `seed`. */
export interface Fill {
  /** @format uint32 */
  seed: number;
}

/** Flattened parts. */
export type Flat = {
  /** @format uint8 */
  own: number;
  /**
   * From `More`.
   * @format uint32
   */
  m: number;
  o?: string | null;
} & Internal;

export type FlatExternal = {
  /** @format uint8 */
  own: number;
} & ({ Red: null } | { Green: null }) & (
  | {
      Circle: {
        /** @format uint8 */
        radius: number;
      };
    }
  | {
      /** @format uint8 */
      Square: number;
    }
);

/** Values: format int16. */
export type FlatMap = {
  /** @format uint8 */
  own: number;
} & Record<string, number>;

/** Tagged within, by `kind`. */
export type FlatMaybe = {
  /** @format uint8 */
  own: number;
} & Partial<Internal>;

export type FlatOptional = {
  /** @format uint8 */
  own: number;
  /** @format uint32 */
  n?: number;
} & Record<string, unknown>;

/** Flattened parts. */
export type FlatOutput = {
  /** @format uint8 */
  own: number;
  /**
   * From `More`.
   * @format uint32
   */
  m: number;
  o: string | null;
} & Internal;

/** Names and what is in them: a map of itself. */
export type Folder = { [key: string]: Folder };

export interface Headers {
  authorization?: string | null | undefined;
  /**
   * Coerced from text.
   * @format uint8
   */
  level?: number | null | undefined;
  /**
   * What to be called.
   * @maxLength 24
   * @default ""
   */
  "user-name"?: string | undefined;
}

/** Tagged within, by `kind`. */
export type Internal =
  /** Nothing to say. */
  | { kind: "ping" }
  | ({ kind: "of_leaf" } & Leaf)
  /** A user has joined. */
  | {
      kind: "user_joined";
      userName: string;
      /** @format uint64 */
      atTime: Integer;
    }
  /** @deprecated */
  | { kind: "user_left"; userName: string }
  | { kind: "empty" };

export interface Leaf {
  /** @format uint32 */
  n: number;
}

/** Called as another type of the contract. */
export interface Leaf2 {
  green: boolean;
}

export type Light = "Red" | "Green";

/** A call and a namespace have this name. */
export interface Line {
  text: string;
}

/** Lists and maps. */
export interface Lists {
  /** Items: format int16. */
  list: number[];
  /** @maxItems 3 */
  few: string[];
  /**
   * Items: format uint8.
   * @minItems 1
   */
  some: number[];
  /** Items: format uint8. */
  bytes: number[];
  pair: [number, string];
  one: [boolean];
  /**
   * Items: format uint8.
   * @minItems 3
   * @maxItems 3
   */
  array: number[];
  /**
   * Items: format uint8.
   * @minItems 20
   * @maxItems 20
   */
  long_array: number[];
  nested: (Weekday | null)[][];
  /**
   * Items: format uint16.
   * @uniqueItems
   */
  set: number[];
  /** @uniqueItems */
  sorted: string[];
  by_name: Record<string, Leaf>;
  /** The keys are integers. */
  by_number: Record<string, boolean>;
  /** The keys are integers, 0 or greater. */
  by_id: Record<string, string>;
  /** Values: format uint8. */
  by_day: Record<string, number>;
  /** Items of items of values: format uint8. */
  lists_by_name: Record<string, number[][]>;
}

export type Meters = number;

/** @minLength 1 */
export type Name = string;

export type Nothing = null;

/** Every number, as wide as it is. */
export interface Numbers {
  /** @format int8 */
  i8: number;
  /** @format int16 */
  i16: number;
  /** @format int32 */
  i32: number;
  /**
   * May be beyond what a `number` holds.
   * @format int64
   */
  i64: Integer;
  /** @format int128 */
  i128: Integer;
  /** @format int */
  isize: Integer;
  /** @format uint8 */
  u8: number;
  /** @format uint16 */
  u16: number;
  /** @format uint32 */
  u32: number;
  /** @format uint64 */
  u64: Integer;
  /** @format uint128 */
  u128: Integer;
  /** @format uint */
  usize: Integer;
  f32: number;
  f64: number;
  /**
   * Never 0.
   * @format int16
   */
  non_zero: number;
  /**
   * @format uint8
   * @minimum 1
   */
  positive: number;
  /**
   * Of 64 bits, but bounded to what a `number` holds.
   * @format uint64
   * @maximum 9007199254740991
   */
  millis: number;
  /**
   * @minimum -1.5
   * @maximum 1.5
   */
  ratio: number;
  /** Items: format uint64. */
  many: Integer[];
  /** Values: format uint64. */
  by_name: Record<string, Integer>;
  /** @format int64 */
  maybe?: Integer | null;
}

/** Every number, as wide as it is. */
export interface NumbersOutput {
  /** @format int8 */
  i8: number;
  /** @format int16 */
  i16: number;
  /** @format int32 */
  i32: number;
  /**
   * May be beyond what a `number` holds.
   * @format int64
   */
  i64: Integer;
  /** @format int128 */
  i128: Integer;
  /** @format int */
  isize: Integer;
  /** @format uint8 */
  u8: number;
  /** @format uint16 */
  u16: number;
  /** @format uint32 */
  u32: number;
  /** @format uint64 */
  u64: Integer;
  /** @format uint128 */
  u128: Integer;
  /** @format uint */
  usize: Integer;
  f32: number;
  f64: number;
  /**
   * Never 0.
   * @format int16
   */
  non_zero: number;
  /**
   * @format uint8
   * @minimum 1
   */
  positive: number;
  /**
   * Of 64 bits, but bounded to what a `number` holds.
   * @format uint64
   * @maximum 9007199254740991
   */
  millis: number;
  /**
   * @minimum -1.5
   * @maximum 1.5
   */
  ratio: number;
  /** Items: format uint64. */
  many: Integer[];
  /** @format int64 */
  maybe: Integer | null;
  /** Values: format uint64. */
  by_name: Record<string, Integer>;
}

/** There or not, null or not. */
export interface Options {
  unit: null;
  boxed?: Leaf | null;
  colour?: string;
  /**
   * @format uint32
   * @default 0
   */
  defaulted?: number;
  leaf?: Leaf | null;
  left_out?: string | null;
  /** Items: format uint8. */
  list?: (number | null)[] | null;
  /**
   * @format uint8
   * @default 0
   * @deprecated
   */
  old?: number;
  /**
   * Missing, `null`, or a value: three states.
   * @format uint8
   */
  three_states?: number | null;
  twice?: boolean | null;
  /**
   * Read where it is missing, written as `null`.
   * @format uint8
   */
  usual?: number | null;
}

/** There or not, null or not. */
export interface OptionsOutput {
  /**
   * Read where it is missing, written as `null`.
   * @format uint8
   */
  usual: number | null;
  /** @format uint32 */
  defaulted: number;
  twice: boolean | null;
  /** Items: format uint8. */
  list: (number | null)[] | null;
  leaf: Leaf | null;
  boxed: Leaf | null;
  unit: null;
  /**
   * @format uint8
   * @deprecated
   */
  old: number;
  colour?: string;
  left_out?: string | null;
  /**
   * Missing, `null`, or a value: three states.
   * @format uint8
   */
  three_states?: number | null;
}

/** Some of many. */
export interface Page {
  items: Leaf[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next?: number | null;
}

/** Some of many. */
export interface Page2 {
  items: Page3[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next?: number | null;
}

/** Some of many. */
export interface Page2Output {
  items: Page3Output[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next: number | null;
}

/** Some of many. */
export interface Page3 {
  items: Weekday[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next?: number | null;
}

/** Some of many. */
export interface Page3Output {
  items: Weekday[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next: number | null;
}

/** Some of many. */
export interface PageOutput {
  items: Leaf[];
  /**
   * Where the next page begins; `None` on the last.
   * @format uint32
   */
  next: number | null;
}

export type Point = [number, number];

/** Called as a type of the language. */
export interface Promise_ {
  kept: boolean;
}

export interface RangeOfUint8 {
  /** @format uint8 */
  start: number;
  /** @format uint8 */
  end: number;
}

export type ResultOfUint8OrString =
  | {
      /** @format uint8 */
      Ok: number;
    }
  | { Err: string };

export interface Said {
  text: string;
}

export interface Settings {
  /** @default "monday" */
  light?: Weekday;
  /** @default "*\/ no end" */
  name?: string;
  /**
   * @format uint8
   * @default 11
   */
  volume?: number;
}

export interface SettingsOutput {
  /** @format uint8 */
  volume: number;
  name: string;
  light: Weekday;
}

export interface Std {
  duration: Duration;
  since: SystemTime;
  result: ResultOfUint8OrString;
  range: RangeOfUint8;
  anything: unknown;
}

/** Structs of other forms. */
export interface Structs {
  meters: Meters;
  nothing: Nothing;
  point: Point;
  name: Name;
  client: ClientId;
  page: Page;
  pages: Page2;
  either: Either;
  aliased: Aliased;
  leaf: Leaf2;
  promise: Promise_;
  event: Event;
  /**
   * @minItems 2
   * @maxItems 2
   */
  lights: Light[];
}

/** Structs of other forms. */
export interface StructsOutput {
  meters: Meters;
  nothing: Nothing;
  point: Point;
  name: Name;
  client: ClientId;
  page: PageOutput;
  pages: Page2Output;
  either: Either;
  aliased: Aliased;
  leaf: Leaf2;
  promise: Promise_;
  event: Event;
  /**
   * @minItems 2
   * @maxItems 2
   */
  lights: Light[];
}

export interface SystemTime {
  /**
   * @format uint64
   * @maximum 9223372036854775807
   */
  secs_since_epoch: Integer;
  /**
   * @format uint32
   * @maximum 999999999
   */
  nanos_since_epoch: number;
}

export interface Texts {
  plainText: string;
  /**
   * @minLength 1
   * @maxLength 1
   */
  letter: string;
  /**
   * Between two and five characters.
   * @minLength 2
   * @maxLength 5
   */
  bounded: string;
  /**
   * @pattern ^[A-Z]{2}\d+$
   * @example "AB12"
   */
  code: string;
  /**
   * @format email
   * @example "ann@example.org"
   * @example "bob@example.org"
   */
  mail: string;
  /** @format ipv4 or ipv6 */
  address: string;
  /** @format uuid */
  id: string;
  /** @format date-time */
  at: string;
  /** @format date */
  day: string;
  clock: string;
  /** @contentEncoding base64 */
  encoded: string;
  fixed: "fixed";
  "with space & \"quotes\"": string;
  "": string;
  "2nd": string;
  größe: string;
  type: string;
  class: string;
}

export type Then = null;

/** A tree. */
export interface Tree {
  name: string;
  children: Tree[];
  expression?: Expression | null;
  next?: Tree | null;
}

/** A tree. */
export interface TreeOutput {
  name: string;
  children: TreeOutput[];
  next: TreeOutput | null;
  expression: Expression | null;
}

/** Not tagged at all. */
export type Untagged =
  /** @format int32 */
  | number
  | Leaf
  /** Some words. */
  | string[]
  | [boolean, string]
  | null;

/** A day of work. */
export type Weekday =
  | "monday"
  | "wed/nes*day"
  /** Nobody's favourite. */
  | "tuesday-morning";

/** A string that is written as it is. */
export type Wrapped = string;

/** What `echo.numbers` itself may fail with. */
export type EchoNumbersFailure =
  /** Another value. */
  | { code: "CHANGED"; data: { sent: string; came: string } }
  /** Nothing was sent. */
  | { code: "NEVER_SENT" };

export interface Calls {
  chat: {
    /**
     * Says it in the room `general`.
     * @deprecated
     */
    post: Call<Line, Integer | null> & {
      /** Says it later. */
      later: Call<Line | null | undefined>;
    };
  };
  echo: {
    adjacent: Call<Adjacent>;
    big: Call<Big>;
    closed: Call<Closed>;
    external: Call<External>;
    flat: Call<Flat>;
    flat_external: Call<FlatExternal>;
    flat_map: Call<FlatMap>;
    flat_maybe: Call<FlatMaybe>;
    flat_optional: Call<FlatOptional>;
    folder: Call<Folder>;
    internal: Call<Internal>;
    lists: Call<Lists>;
    numbers: Call<Numbers, void, EchoNumbersFailure>;
    options: Call<Options>;
    settings: Call<Settings>;
    std: Call<Std>;
    structs: Call<Structs>;
    texts: Call<Texts>;
    tree: Call<Tree>;
    untagged: Call<Untagged>;
    wrapped: Call<Wrapped>;
  };
  enum: {
    constructor: Call<void>;
    /** Every number of an u64. */
    delete: Call<Integer[], Integer[]>;
  };
  fill: Call<Fill, number>;
}

export interface RouteCalls {
  "chat.post": Calls["chat"]["post"];
  "chat.post.later": Calls["chat"]["post"]["later"];
  "close.now": Call<void>;
  "echo.adjacent": Calls["echo"]["adjacent"];
  "echo.big": Calls["echo"]["big"];
  "echo.closed": Calls["echo"]["closed"];
  "echo.external": Calls["echo"]["external"];
  "echo.flat": Calls["echo"]["flat"];
  "echo.flat_external": Calls["echo"]["flat_external"];
  "echo.flat_map": Calls["echo"]["flat_map"];
  "echo.flat_maybe": Calls["echo"]["flat_maybe"];
  "echo.flat_optional": Calls["echo"]["flat_optional"];
  "echo.folder": Calls["echo"]["folder"];
  "echo.internal": Calls["echo"]["internal"];
  "echo.lists": Calls["echo"]["lists"];
  "echo.numbers": Calls["echo"]["numbers"];
  "echo.options": Calls["echo"]["options"];
  "echo.settings": Calls["echo"]["settings"];
  "echo.std": Calls["echo"]["std"];
  "echo.structs": Calls["echo"]["structs"];
  "echo.texts": Calls["echo"]["texts"];
  "echo.tree": Calls["echo"]["tree"];
  "echo.untagged": Calls["echo"]["untagged"];
  "echo.wrapped": Calls["echo"]["wrapped"];
  "enum.constructor": Calls["enum"]["constructor"];
  "enum.delete": Calls["enum"]["delete"];
  "enum.then": Call<void>;
  fill: Calls["fill"];
  "on.two-words": Call<void, boolean>;
}

export interface Events {
  chat: {
    said: Listener<Said>;
  };
  echo: {
    /** Tagged beside the content. */
    adjacent: Listener<Adjacent>;
    /** An integer alone. */
    big: Listener<Big>;
    closed: Listener<ClosedOutput>;
    /** Externally tagged. */
    external: Listener<ExternalOutput>;
    /** Flattened parts. */
    flat: Listener<FlatOutput>;
    flat_external: Listener<FlatExternal>;
    flat_map: Listener<FlatMap>;
    flat_maybe: Listener<FlatMaybe>;
    flat_optional: Listener<FlatOptional>;
    /** Names and what is in them: a map of itself. */
    folder: Listener<Folder>;
    /** Tagged within, by `kind`. */
    internal: Listener<Internal>;
    /** Lists and maps. */
    lists: Listener<Lists>;
    /** Every number, as wide as it is. */
    numbers: Listener<NumbersOutput>;
    /** There or not, null or not. */
    options: Listener<OptionsOutput>;
    settings: Listener<SettingsOutput>;
    std: Listener<Std>;
    /** Structs of other forms. */
    structs: Listener<StructsOutput>;
    texts: Listener<Texts>;
    /** A tree. */
    tree: Listener<TreeOutput>;
    /** Not tagged at all. */
    untagged: Listener<Untagged>;
    /** A string that is written as it is. */
    wrapped: Listener<Wrapped>;
  };
}

export interface RouteEvents {
  "chat.said": Events["chat"]["said"];
  "echo.adjacent": Events["echo"]["adjacent"];
  "echo.big": Events["echo"]["big"];
  "echo.closed": Events["echo"]["closed"];
  "echo.external": Events["echo"]["external"];
  "echo.flat": Events["echo"]["flat"];
  "echo.flat_external": Events["echo"]["flat_external"];
  "echo.flat_map": Events["echo"]["flat_map"];
  "echo.flat_maybe": Events["echo"]["flat_maybe"];
  "echo.flat_optional": Events["echo"]["flat_optional"];
  "echo.folder": Events["echo"]["folder"];
  "echo.internal": Events["echo"]["internal"];
  "echo.lists": Events["echo"]["lists"];
  "echo.numbers": Events["echo"]["numbers"];
  "echo.options": Events["echo"]["options"];
  "echo.settings": Events["echo"]["settings"];
  "echo.std": Events["echo"]["std"];
  "echo.structs": Events["echo"]["structs"];
  "echo.texts": Events["echo"]["texts"];
  "echo.tree": Events["echo"]["tree"];
  "echo.untagged": Events["echo"]["untagged"];
  "echo.wrapped": Events["echo"]["wrapped"];
  "on.then": Listener<Then>;
}

export type ZocketClient = Client<Calls, Events, RouteCalls, RouteEvents>;

/** What the server must speak, and at which routes. */
export const contract: Contract = {
  hash: "c16ff7c7a7bee184fbd3b10a2f355c0c",
  calls: [
    "chat.post",
    "chat.post.later",
    "close.now",
    "echo.adjacent",
    "echo.big",
    "echo.closed",
    "echo.external",
    "echo.flat",
    "echo.flat_external",
    "echo.flat_map",
    "echo.flat_maybe",
    "echo.flat_optional",
    "echo.folder",
    "echo.internal",
    "echo.lists",
    "echo.numbers",
    "echo.options",
    "echo.settings",
    "echo.std",
    "echo.structs",
    "echo.texts",
    "echo.tree",
    "echo.untagged",
    "echo.wrapped",
    "enum.constructor",
    "enum.delete",
    "enum.then",
    "fill",
    "on.two-words",
  ],
  events: [
    "chat.said",
    "echo.adjacent",
    "echo.big",
    "echo.closed",
    "echo.external",
    "echo.flat",
    "echo.flat_external",
    "echo.flat_map",
    "echo.flat_maybe",
    "echo.flat_optional",
    "echo.folder",
    "echo.internal",
    "echo.lists",
    "echo.numbers",
    "echo.options",
    "echo.settings",
    "echo.std",
    "echo.structs",
    "echo.texts",
    "echo.tree",
    "echo.untagged",
    "echo.wrapped",
    "on.then",
  ],
};

/** A client of the server at `url`: it connects at once, and again whenever the connection is lost, until `close()`. */
export function createZocketClient(url: string | URL, options?: ClientOptions<Headers, ZocketClient>): ZocketClient {
  return connect<ZocketClient>(contract, url, options);
}

/** Whether a call was rejected with `error`: its `code` then tells what else there is. */
export function isZocketError(error: unknown): error is ErrorIn<RouteCalls> {
  return error instanceof ZocketError;
}

