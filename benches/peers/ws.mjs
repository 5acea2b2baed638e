// Node with `ws`: a loop over all clients, as its documentation has it. With COMPRESS=1 messages of a kibibyte are compressed.
import { WebSocketServer } from "ws";

const server = new WebSocketServer({
  host: "127.0.0.1",
  port: Number(process.env.PORT ?? 0),
  backlog: 1024,
  perMessageDeflate: process.env.COMPRESS === "1",
});
server.on("connection", (socket) => {
  socket.on("error", () => {});
  socket.on("message", (data) => {
    const { type, payload, rpcId } = JSON.parse(data);
    let result;
    if (type === "system.announce") {
      const event = JSON.stringify({ type: "system.announcement", payload: { text: payload.text } });
      for (const client of server.clients) client.send(event);
    } else if (type === "echo.say") {
      result = { text: payload.text };
    }
    socket.send(JSON.stringify({ type: "__rpc_res", payload: result, rpcId }));
  });
});
server.on("listening", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
