/**
 * Decode is the only way in: bytes are capped before they are parsed, parsing never throws, and what comes out has passed
 * its schema. msgpack and JSON carry the same messages; a subprotocol chooses.
 */
import { decode as decodeMsgpack, Encoder } from "@msgpack/msgpack";
import type * as z from "zod";

export const SUBPROTOCOLS = ["frontrow.v1", "frontrow.v1.json"] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];

export type Decoded<T> = { ok: true; value: T } | { ok: false; why: string };

/** msgpack's own defaults let 40 bytes of nested headers allocate without bound. */
const MSGPACK_LIMITS = {
  maxArrayLength: 4_096,
  maxMapLength: 256,
  maxStrLength: 65_536,
  maxBinLength: 0,
  maxExtLength: 0,
};
/** Our deepest honest message has 6 levels; join options are the player's own, and 32 is ample. */
const DEPTH_MAX = 32;

const encoder = new Encoder({ ignoreUndefined: true });

export function encodeMsgpack(message: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(message);
}

export function encode(message: unknown, subprotocol: Subprotocol): Uint8Array<ArrayBuffer> | string {
  return subprotocol === "frontrow.v1.json" ? JSON.stringify(message) : encodeMsgpack(message);
}

/** A message of `schema` from what a socket delivered; `bytesMax` is checked before anything is parsed. */
export function decode<S extends z.ZodType>(
  schema: S,
  data: Uint8Array | string,
  bytesMax: number,
): Decoded<z.infer<S>> {
  if (data.length > bytesMax) return { ok: false, why: `larger than ${bytesMax} bytes` };
  let raw: unknown;
  try {
    raw = typeof data === "string" ? JSON.parse(data) : decodeMsgpack(data, MSGPACK_LIMITS);
  } catch {
    return { ok: false, why: typeof data === "string" ? "not JSON" : "not msgpack" };
  }
  if (!depthWithin(raw, DEPTH_MAX)) return { ok: false, why: `nested deeper than ${DEPTH_MAX}` };
  const parsed = schema.safeParse(raw);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: describe(parsed.error) };
}

/** The first problems of a zod error, as `path: what is wrong`. */
export function issuesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 8).map((issue) => `${issue.path.join(".") || "(all)"}: ${issue.message}`);
}

const describe = (error: z.ZodError) => issuesOf(error).join("; ");

/** The msgpack library has no depth limit, and zod and JSON.stringify recurse: what is too deep is refused before them. */
function depthWithin(value: unknown, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depthMax === 0) return false;
  for (const key in value) {
    if (!depthWithin((value as Record<string, unknown>)[key], depthMax - 1)) return false;
  }
  return true;
}
