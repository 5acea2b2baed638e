// Bun's own publish and subscribe (uWebSockets). With COMPRESS=1 announcements are compressed.
const compress = process.env.COMPRESS === "1";
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: Number(process.env.PORT ?? 0),
  fetch(request, server) {
    return server.upgrade(request) ? undefined : new Response("WebSocket only", { status: 426 });
  },
  websocket: {
    // zocket's limits, as far as Bun has them.
    maxPayloadLength: 64 * 1024,
    backpressureLimit: 1024 * 1024,
    closeOnBackpressureLimit: true,
    perMessageDeflate: compress,
    open(socket) {
      socket.subscribe("everybody");
    },
    message(socket, message) {
      const { type, payload, rpcId } = JSON.parse(message);
      let result;
      switch (type) {
        case "system.announce":
          server.publish("everybody", JSON.stringify({ type: "system.announcement", payload: { text: payload.text } }), compress);
          break;
        case "echo.say":
          result = { text: payload.text };
          break;
        case "room.join":
          socket.subscribe(payload.room);
          break;
        case "room.post":
          server.publish(payload.room, JSON.stringify({ type: "room.message", payload: { text: payload.text } }));
          break;
      }
      socket.send(JSON.stringify({ type: "__rpc_res", payload: result, rpcId }));
    },
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
