// fallback-story.mjs in Node, Bun and Deno: <program> fallback-main.mjs <bundle> <url with MessagePack> <url without>
import { story } from "./fallback-story.mjs";

const [bundle, packed, plain] = process.argv.slice(2);
const { connect, msgpack } = await import(bundle);
const WebSocket = globalThis.WebSocket ?? (await import("ws")).default; // Node 20 has none
console.log(await story({ connect, msgpack, packed, plain, WebSocket, print: (line) => console.log(line) }));
