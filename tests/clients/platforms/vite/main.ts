// A page as Vite makes it: says how it went with the chat.
import { createZocketClient } from "../generated/zocket";
import { msgpack } from "../generated/zocket.msgpack";

const client = createZocketClient("/ws", { codec: msgpack, onConnect: (client) => client.room.join({ room: "harbour" }) });
const posted = await client.room.post.try({ room: "harbour", text: "" });
document.querySelector("output")!.value = posted.ok ? "posted" : posted.error.code;
