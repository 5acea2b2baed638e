// What story.mjs meets besides the chat: one server, and by the path of the URL what becomes of a connection.
import { createServer } from "node:http";

import { WebSocketServer } from "ws";

/** Listens on a free port; resolves with the URL, without a path, and a function that ends it. */
export async function startOthers() {
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((_, response) => response.writeHead(404).end());
  server.on("upgrade", (request, raw, head) => {
    raw.on("error", () => {}); // a client that is gone before it has read its answer
    const [, what, which, client] = new URL(request.url, "ws://127.0.0.1").pathname.split("/");
    // A layer in front of the server, or a proxy.
    if (what === "status") return raw.end(`HTTP/1.1 ${which} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, raw, head, (socket) => {
      socket.on("message", (data) => {
        const { type, rpcId, payload } = JSON.parse(data);
        if (type === "__ping") return what === "close" ? closeFirst(socket, which, client) : socket.send('{"type":"__pong"}');
        if (what !== "burst") return;
        // In one segment, as a server writes what it has at once.
        raw.cork();
        socket.send(JSON.stringify({ type: "__rpc_res", rpcId, payload: { people: [], history: [] } }));
        for (const text of ["1", "2"]) {
          const line = { from: "Ann", text, at: "2026-01-01T00:00:00Z" };
          socket.send(JSON.stringify({ type: "room.said", payload: { room: payload.room, line } }));
        }
        raw.uncork();
      });
    });
  });
  /** The first connection of a client is taken, and closed in the same segment; its next ones stay. */
  const seen = new Set();
  const closeFirst = (socket, code, client) => {
    socket.send('{"type":"__pong"}');
    if (seen.has(client)) return;
    seen.add(client);
    socket.close(Number(code), "because");
  };
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const stop = () => {
    for (const socket of sockets.clients) socket.terminate();
    server.close();
  };
  return { url: `ws://127.0.0.1:${server.address().port}`, stop };
}
