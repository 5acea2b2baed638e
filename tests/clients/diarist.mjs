// A client that records events, and helpers to wait for them.
import { createZocketClient } from "./fixtures/shop.ts";
import { reply, until } from "./support.mjs";

export const quickly = { base: 20, cap: 20 };
export const echo = (frame, socket) => socket.send(reply(frame, frame.payload));

/** A client that records everything that it is told. */
export function diarist(url, options = {}) {
  const diary = [];
  const client = createZocketClient(url, {
    reconnect: quickly,
    onOpen: () => diary.push("open"),
    onClose: ({ code }) => diary.push(`close ${code}`),
    onError: (error) => diary.push(error.code),
    ...options,
  });
  return { client, diary };
}
export const isOpen = (client) => until("open", () => client.$state.status === "open");
export const isStopped = (client) => until("stopped", () => client.$state.status === "stopped");
