// What a page has of a generated client, for compilers to read: all three files, as users import them.
import { createZocketClient, isZocketError, type ZocketClient, type ZocketClose } from "../generated/zocket.js";
import { msgpack } from "../generated/zocket.msgpack.js";
import { useCall, useConnectionState, useEvent, useOnConnect } from "../generated/zocket.react.js";

const ends: ZocketClose[] = [];
export const client: ZocketClient = createZocketClient("wss://127.0.0.1/ws", {
  codec: msgpack,
  onConnect: (client) => client.room.join({ room: "harbour" }),
  onClose: (close) => ends.push(close),
});

export function Room({ room }: { room: string }) {
  const { status } = useConnectionState(client);
  useOnConnect(client, (client) => client.room.join({ room }), [room]);
  useEvent(client.on.room.said, ({ line }) => line.text.trim());
  const post = useCall(client.room.post);
  return (
    <button type="button" disabled={post.pending} onClick={() => post.call({ room, text: "Hello" })}>
      {status} {post.error?.code}
    </button>
  );
}

export const said = async (): Promise<string> => {
  try {
    for await (const { line } of client.on.room.said) return line.text;
  } catch (error) {
    if (isZocketError(error) && error.code === "KICKED") return error.message;
  }
  return "";
};
