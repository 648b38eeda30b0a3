/**
 * Any JSON value. Not `z.json()`: that refers to itself, and a schema with such a part inside makes zod remember every object of
 * every message on the way, which cost a link as much as all its other checks together.
 */
import * as z from "zod";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** How deep is the decoder's to bound. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== "object") return false;
  // An own key of this name would become the prototype of whatever a room copies the options into.
  return !Object.hasOwn(value, "__proto__") && Object.values(value).every(isJson);
}

export const Json = z.unknown().refine(isJson, "not a JSON value") as unknown as z.ZodType<Json, Json>;
