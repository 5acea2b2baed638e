// Node with Socket.IO, over its WebSocket transport.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("system.announce", ({ text }, acknowledge) => {
    io.emit("system.announcement", { text });
    acknowledge();
  });
  socket.on("echo.say", ({ text }, acknowledge) => acknowledge({ text }));
  socket.on("room.join", ({ room }, acknowledge) => {
    socket.join(room);
    acknowledge();
  });
  socket.on("room.post", ({ room, text }, acknowledge) => {
    io.to(room).emit("room.message", { text });
    acknowledge();
  });
});
http.listen({ host: "127.0.0.1", port: Number(process.env.PORT ?? 0), backlog: 1024 }, () => {
  console.log(`listening on http://127.0.0.1:${http.address().port}`);
});
