// Returns every value that the server sends, through the call of the same name.
// Arguments: the server's URL, and how many times the server is asked for a value of each type.
import { createZocketClient } from "./zocket.ts";

declare const process: { argv: string[]; exitCode: number };

const [url = "", rounds = "1"] = process.argv.slice(2);
const headers = { "user-name": "Ann & Bob = 100 % ☂", level: 3, authorization: undefined };
const client = createZocketClient(url, { timeout: 60_000, headers });
const { echo } = client;
const { on } = client;

let returned: Promise<void>[] = [];
let count = 0;
const back = (answer: Promise<void>) => returned.push(answer);

// Each line also shows that what is received can be sent.
on.echo.numbers((value) => back(echo.numbers(value)));
on.echo.texts((value) => back(echo.texts(value)));
on.echo.lists((value) => back(echo.lists(value)));
on.echo.options((value) => back(echo.options(value)));
on.echo.external((value) => back(echo.external(value)));
on.echo.internal((value) => back(echo.internal(value)));
on.echo.adjacent((value) => back(echo.adjacent(value)));
on.echo.untagged((value) => back(echo.untagged(value)));
on.echo.flat((value) => back(echo.flat(value)));
on.echo.flat_external((value) => back(echo.flat_external(value)));
on.echo.flat_map((value) => back(echo.flat_map(value)));
on.echo.flat_optional((value) => back(echo.flat_optional(value)));
on.echo.flat_maybe((value) => back(echo.flat_maybe(value)));
on.echo.folder((value) => back(echo.folder(value)));
on.echo.closed((value) => back(echo.closed(value)));
on.echo.settings((value) => back(echo.settings(value)));
on.echo.structs((value) => back(echo.structs(value)));
on.echo.tree((value) => back(echo.tree(value)));
on.echo.std((value) => back(echo.std(value)));
on.echo.wrapped((value) => back(echo.wrapped(value)));
on.echo.big((value) => back(echo.big(value)));

try {
  for (let seed = 0; seed < Number(rounds); seed++) {
    // A caller sees what its call sent before the reply.
    const sent = await client.fill({ seed });
    if (returned.length !== sent) throw new Error(`${sent} values were sent, ${returned.length} arrived`);
    await Promise.all(returned);
    count += returned.length;
    returned = [];
  }
  console.log(`${count} values returned`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
client.close();
