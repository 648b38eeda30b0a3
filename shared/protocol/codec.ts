/**
 * Decode is the only way in: bytes are capped before they are parsed, parsing never throws, and what comes out has passed
 * its schema. msgpack and JSON carry the same messages; a subprotocol chooses.
 */
import { decode as decodeMsgpack, Encoder } from "@msgpack/msgpack";
import type * as z from "zod";
import { msgpackShape } from "./msgpack-shape.ts";

export const SUBPROTOCOLS = ["frontrow.v1", "frontrow.v1.json"] as const;
export type Subprotocol = (typeof SUBPROTOCOLS)[number];

export type Decoded<T> = { ok: true; value: T } | { ok: false; why: string };

/** Beside what `msgpack-shape.ts` refuses before. */
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
  const raw = typeof data === "string" ? fromJson(data) : fromMsgpack(data);
  if (!raw.ok) return raw;
  const parsed = schema.safeParse(raw.value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, why: describe(parsed.error) };
}

const TOO_DEEP = { ok: false, why: `nested deeper than ${DEPTH_MAX}` } as const;

function fromJson(text: string): Decoded<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return depthWithin(value, DEPTH_MAX) ? { ok: true, value } : TOO_DEEP;
  } catch {
    return { ok: false, why: "not JSON" };
  }
}

function fromMsgpack(bytes: Uint8Array): Decoded<unknown> {
  const shape = msgpackShape(bytes, DEPTH_MAX);
  if (shape === "deep") return TOO_DEEP;
  try {
    if (shape === "good") return { ok: true, value: decodeMsgpack(bytes, MSGPACK_LIMITS) };
  } catch {
    // A key that is none, or over one of the limits.
  }
  return { ok: false, why: "not msgpack" };
}

/** The first problems of a zod error, as `path: what is wrong`. */
export function issuesOf(error: z.ZodError): string[] {
  return error.issues.slice(0, 8).map((issue) => `${issue.path.join(".") || "(all)"}: ${issue.message}`);
}

const describe = (error: z.ZodError) => issuesOf(error).join("; ");

/** Whether lists in `value` are nested at most so deep. zod and JSON.stringify recurse: what is too deep is refused before them. */
export function depthWithin(value: unknown, depthMax: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depthMax === 0) return false;
  for (const key in value) {
    if (!depthWithin((value as Record<string, unknown>)[key], depthMax - 1)) return false;
  }
  return true;
}
