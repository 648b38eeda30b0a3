/**
 * What `generated/golden.json` pins: a hash over the JSON Schema of every message, and the bytes of one sample of each. Both change
 * only together with a line in `version.ts`; `npm run generate -- --wire` writes them anew.
 */
import * as z from "zod";
import { encodeMsgpack } from "./codec.ts";
import { Down } from "./down.ts";
import { LinkDown, LinkUp } from "./link.ts";
import { type Samples, samples } from "./samples.ts";
import { Up } from "./up.ts";
import { PROTOCOL_VERSION } from "./version.ts";

export const wires = { up: Up, down: Down, linkUp: LinkUp, linkDown: LinkDown } as const satisfies Record<
  keyof Samples,
  z.ZodType
>;
export type Wire = keyof typeof wires;

export const GOLDEN_FILE = "shared/protocol/generated/golden.json";

export interface Golden {
  readonly version: number;
  readonly schemaHash: string;
  /** Per wire, in order: a message as JSON and as msgpack in hex. */
  readonly messages: Record<Wire, { readonly message: unknown; readonly msgpack: string }[]>;
}

export async function makeGolden(): Promise<Golden> {
  const messages = Object.entries(samples).map(([wire, list]) => [
    wire,
    list.map((message: unknown) => ({ message, msgpack: hexOf(encodeMsgpack(message)) })),
  ]);
  return { version: PROTOCOL_VERSION, schemaHash: await schemaHash(), messages: Object.fromEntries(messages) };
}

async function schemaHash(): Promise<string> {
  const schemas = Object.values(wires).map((wire) => z.toJSONSchema(wire, { io: "input" }));
  const text = new TextEncoder().encode(JSON.stringify(schemas));
  return hexOf(new Uint8Array(await crypto.subtle.digest("SHA-256", text)));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
