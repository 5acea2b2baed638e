// What a user may not write: each of these must be a compile error.
import { createZocketClient } from "./zocket.ts";
import type { Numbers } from "./zocket.ts";

const client = createZocketClient("ws://127.0.0.1:1/ws", { connect: false });

// @ts-expect-error a header of another type
createZocketClient("/ws", { headers: { level: "three" } });
// @ts-expect-error a header that nobody asks for
createZocketClient("/ws", { headers: { "user-nme": "Ann" } });
// @ts-expect-error an option that is none
createZocketClient("/ws", { timout: 1 });

// @ts-expect-error a namespace that is not there
void client.nowhere;
// @ts-expect-error a call that is not there
void client.echo.nothing;
// @ts-expect-error an event is no call
void client.chat.said;
// @ts-expect-error a call is no event
void client.on.fill;
// @ts-expect-error left off: the client has a `close` of its own
void client.close.now;
// @ts-expect-error left off: a promise would call it
void client.enum.then;
// @ts-expect-error a route that is not there
void client.$calls["echo.nothing"];

// @ts-expect-error no payload
void client.fill();
// @ts-expect-error a payload of another type
void client.fill("1");
// @ts-expect-error a member of another type
void client.fill({ seed: "1" });
// @ts-expect-error a member too many
void client.fill({ seed: 1, sed: 1 });
// @ts-expect-error a 32-bit integer is no bigint
void client.fill({ seed: 1n });
// @ts-expect-error the reply of another type
void client.fill({ seed: 1 }).then((sent: string) => sent);
// @ts-expect-error a call that takes none
void client.enum.constructor({ n: 1 });
// @ts-expect-error an option of calls that is none
void client.fill({ seed: 1 }, { timout: 1 });

// @ts-expect-error a variant that is not there
void client.echo.external("Nothin");
// @ts-expect-error a variant without what it holds
void client.echo.external("One");
// @ts-expect-error a variant without a member
void client.echo.external({ Fields: { b: "x" } });
// @ts-expect-error a tuple that is too short
void client.echo.external({ Two: [1] });
// @ts-expect-error a tag that is not there
void client.echo.internal({ kind: "pong" });
// @ts-expect-error a tag with the members of another
void client.echo.internal({ kind: "user_left", userName: "x", atTime: 1 });
// @ts-expect-error a tag without its members
void client.echo.internal({ kind: "of_leaf" });
// @ts-expect-error no tag
void client.echo.internal({ userName: "x" });
// @ts-expect-error content of another variant
void client.echo.adjacent({ t: "Pair", c: { n: 1 } });
// @ts-expect-error content where there is none
void client.echo.adjacent({ t: "Unit", c: null });
// @ts-expect-error none of the alternatives
void client.echo.untagged(true);
// @ts-expect-error without the flattened part
void client.echo.flat({ own: 1, m: 2 });
// @ts-expect-error without the flattened part's own members
void client.echo.flat({ own: 1, m: 2, kind: "user_left" });
// @ts-expect-error without the second of two flattened parts
void client.echo.flat_external({ own: 1, Green: null });
// @ts-expect-error a flattened map's value of another type
void client.echo.flat_map({ own: 1, other: "x" });
// @ts-expect-error a map's value of another type
void client.echo.folder({ a: 1 });
// @ts-expect-error undefined is not the same as left out
void client.echo.options({ unit: null, usual: undefined });
// @ts-expect-error may be left out, may not be null
void client.echo.options({ unit: null, defaulted: null });
// @ts-expect-error a closed type
void client.echo.closed({ n: 1, m: 1 });

declare const numbers: Numbers;
// @ts-expect-error may be a bigint
export const sum: number = numbers.u64;
// @ts-expect-error the elements may be bigints
export const many: number[] = numbers.many;
// @ts-expect-error a map may lack it
export const one: number | bigint = numbers.by_name["a"];

client.on.echo.options((options) => {
  // @ts-expect-error may be null
  void options.usual.toFixed();
  // @ts-expect-error may be missing
  void options.colour.length;
  // @ts-expect-error a name that was skipped
  void options.skipped;
});
client.on.echo.internal((internal) => {
  // @ts-expect-error not before the tag is looked at
  void internal.userName;
});
// @ts-expect-error a listener of another event
client.on.echo.big((big: string) => big);

void client.echo.numbers.try(numbers).then((result) => {
  // @ts-expect-error not before `ok` is looked at
  void result.error;
  if (result.ok) return;
  // @ts-expect-error a code that this call does not fail with
  void (result.error.code === "SOLD_OUT");
  // @ts-expect-error data of one code, before it is looked at
  void result.error.data.sent;
});
void client.echo.texts.try({} as never).then((result) => {
  // @ts-expect-error a code of another call
  if (!result.ok) void (result.error.code === "CHANGED");
});
