"use client";
import { useState } from "react";

import { useCall, useConnectionState, useEvent, useOnConnect } from "../../generated/zocket.react";
import { client } from "./client";

export function Room({ room }: { room: string }) {
  const { status } = useConnectionState(client);
  const [said, setSaid] = useState<string[]>([]);
  useOnConnect(client, (client) => client.room.join({ room }), [room]);
  useEvent(client.on.room.said, ({ line }) => setSaid((before) => [...before, line.text]));
  const post = useCall(client.room.post);
  return (
    <main>
      <p>{`status: ${status}`}</p>
      <button type="button" onClick={() => post.call({ room, text: "Hello" })}>
        Say hello
      </button>
      <output>{post.error?.code ?? said.join()}</output>
    </main>
  );
}
