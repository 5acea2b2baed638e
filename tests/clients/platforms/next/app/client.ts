"use client";
import { createZocketClient } from "../../generated/zocket";

const isBrowser = typeof document !== "undefined";

// As docs/typescript.md has it: one client, which connects in browsers alone. A server that renders has no page that "/ws" would be
// part of.
export const client = createZocketClient(isBrowser ? "/ws" : "ws://127.0.0.1:1/ws", { connect: isBrowser });
