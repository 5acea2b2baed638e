// story.mjs in Node, Bun and Deno: <program> story-main.mjs <generated client> <url of the chat> <url of everywhere.mjs>
// <url of the other servers>
import { story } from "./story.mjs";

const [client, url, control, others] = process.argv.slice(2);
const WebSocket = globalThis.WebSocket ?? (await import("ws")).default; // Node 20 has none
const answer = await story({
  generated: await import(client),
  url,
  others,
  // Node's own tells no status.
  seesStatus: !globalThis.WebSocket || "Deno" in globalThis || "Bun" in globalThis,
  WebSocket: globalThis.WebSocket ? undefined : WebSocket,
  control: async (what) => (await fetch(`${control}/${what}`)).text(),
  print: (line) => console.log(line),
});
console.log(answer);
