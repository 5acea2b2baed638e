// Reads AsyncAPI documents with the reference parser, as generators and documentation tools do.
//
//   node asyncapi.mjs <document.json>…
//
// Prints one line of JSON per document: the parser's first objections to it, and what a tool finds in it.
// Diagnostics of all severities count, except for those that are expected here.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const SEVERITIES = ["error", "warning", "information", "hint"];

/** Each with the reason why it stays. */
const EXPECTED = new Map([
  ["asyncapi-latest-version", "3.1 has nothing new for WebSockets, and fewer tools read it than 3.0"],
]);

const ids = (messages) => messages?.all().map((message) => message.id()) ?? null;

function followed(value, within = new Set()) {
  if (typeof value !== "object" || value === null) return JSON.stringify(value)?.length ?? 0;
  if (within.has(value)) return 0;
  within.add(value);
  let size = 2;
  for (const [key, member] of Object.entries(value)) size += key.length + 4 + followed(member, within);
  within.delete(value);
  return size;
}

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
    // How long it is once all references are followed, as tools hold it. What refers to itself is counted once.
    followed: followed(document.json()),
    correlated: document.allMessages().all().filter((message) => message.hasCorrelationId()).length,
  };
  console.log(JSON.stringify({ path, against, seen: seen ?? null }));
}
