// What a user may write. It is only type-checked.
import { createZocketClient, isZocketError } from "./zocket.ts";
import type { Flat, Internal, Numbers, Weekday, ZocketClient } from "./zocket.ts";

const token: string | undefined = undefined;
export const client: ZocketClient = createZocketClient("ws://127.0.0.1:1/ws", {
  // What is undefined is left out.
  headers: { "user-name": "Ann", authorization: token, level: 3 },
  connect: false,
});
createZocketClient(new URL("ws://127.0.0.1:1/ws"));
createZocketClient("/ws", { headers: async () => ({ authorization: "Bearer …" }) });

/** Tagged enums narrow by their tag, even if they are flattened. */
export function describe(event: Internal | Flat): string {
  switch (event.kind) {
    case "ping":
    case "empty":
      return event.kind;
    case "of_leaf":
      return String(event.n + 1);
    case "user_joined":
      return `${event.userName} at ${BigInt(event.atTime)}`;
    case "user_left":
      return event.userName.toUpperCase();
  }
}

export async function calls(): Promise<void> {
  await client.close; // the client's own: the namespace of that name is by its route
  await client.$calls["close.now"]();
  await client.$calls["enum.then"](undefined, { timeout: 1 });
  const answer: boolean = await client.$calls["on.two-words"]();
  await client.enum.constructor();
  const numbers: (number | bigint)[] = await client.enum.delete([1, 2n ** 64n - 1n]);
  const length: number | bigint | null = await client.chat.post({ text: `${answer} ${numbers.length}` });
  // An optional payload.
  await client.chat.post.later();
  await client.chat.post.later(null);
  await client.chat.post.later({ text: String(length) }, { signal: new AbortController().signal });

  await client.echo.external("Nothing");
  await client.echo.external({ Two: [1, "x"] });
  await client.echo.adjacent({ t: "Pair", c: [1, true] });
  await client.echo.adjacent({ t: "Unit" });
  for (const value of [1, ["x"], { n: 1 }, [true, "x"] as [boolean, string], null]) await client.echo.untagged(value);
  await client.echo.flat({ own: 1, m: 2, kind: "ping" });
  await client.echo.flat_external({ own: 1, Green: null, Square: 4 });
  await client.echo.flat_map({ own: 1, other: 2 });
  await client.echo.flat_optional({ own: 1, more: ["anything"] });
  await client.echo.flat_maybe({ own: 1 });
  await client.echo.flat_maybe({ own: 1, kind: "user_left", userName: "x" });
  await client.echo.folder({ a: { b: {} } });
  // Optional and nullable are different.
  await client.echo.options({ unit: null });
  await client.echo.options({ unit: null, three_states: null, usual: 1, list: [null, 1] });
  await client.echo.settings({});
  await client.echo.big(5);
  await client.echo.big(2n ** 63n);
}

export async function failures(numbers: Numbers): Promise<string> {
  const result = await client.echo.numbers.try(numbers);
  if (result.ok) return "fine";
  const { error } = result;
  if (error.code === "CHANGED") return error.data.sent + error.data.came;
  if (error.code === "NEVER_SENT") return error.message;
  if (error.code === "INVALID_PAYLOAD") return error.issues.map((issue) => issue.path).join();
  try {
    await client.echo.numbers(numbers);
  } catch (caught) {
    if (isZocketError(caught) && caught.code === "CHANGED") return caught.data.came;
  }
  return error.code;
}

export function events(): () => void {
  const day: Weekday[] = ["monday", "tuesday-morning", "wed/nes*day"];
  client.$events["on.then"]((nothing: null) => day.push("monday") && nothing);
  client.on.echo.lists(({ by_number, by_id, pair, nested }) => {
    const there: boolean | undefined = by_number["-5"];
    const name: string | undefined = by_id[`${2n ** 64n - 1n}`];
    const [first, second]: [number, string] = pair;
    const deep: Weekday | null | undefined = nested[0]?.[0];
    console.log(there, name, first, second, deep);
  });
  client.on.echo.tree(({ children, next }) => console.log(children[0]?.next?.name, next?.children.length));
  client.on.echo.std(({ result, anything }) => console.log("Ok" in result ? result.Ok + 1 : result.Err.length, anything));
  return client.on.echo.options(({ usual, left_out }) => console.log(usual === null ? 0 : usual + 1, left_out?.length));
}
