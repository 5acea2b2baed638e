// Reads AsyncAPI documents with the reference parser, as generators and documentation tools do.
//
//   node asyncapi.mjs <document.json>…
//
// Prints one line of JSON a document: what the parser says against it (the first of it), and what a tool sees of it.
// Diagnostics of all severities count but those that are expected here.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const SEVERITIES = ["error", "warning", "information", "hint"];

/** Each with the reason why it stays. */
const EXPECTED = new Map([
  ["asyncapi-latest-version", "3.1 has nothing new for WebSockets, and fewer tools read it than 3.0"],
]);

const ids = (messages) => messages?.all().map((message) => message.id()) ?? null;

for (const path of process.argv.slice(2)) {
  const { document, diagnostics } = await new Parser().parse(await readFile(path, "utf8"));
  const against = diagnostics
    .filter(({ code }) => !EXPECTED.has(code))
    .slice(0, 4)
    .map(({ code, message, path: place, severity }) => {
      return { severity: SEVERITIES[severity], code, place: place.join("/"), message };
    });
  const seen = document && {
    channels: document.channels().all().map((channel) => [channel.address(), channel.bindings().has("ws")]),
    servers: document.servers().all().map((server) => server.url()),
    operations: Object.fromEntries(
      document.operations().all().map((operation) => [
        operation.id(),
        { action: operation.action(), messages: ids(operation.messages()), reply: ids(operation.reply()?.messages()) },
      ]),
    ),
    correlated: document.allMessages().all().filter((message) => message.hasCorrelationId()).length,
  };
  console.log(JSON.stringify({ path, against, seen: seen ?? null }));
}
