/** Join options against their mode: small enough to travel inside a seat token, and of the shape that the mode asks for. */
import { FrontrowError } from "../errors.ts";
import { issuesOf } from "../protocol/codec.ts";
import type { Mode } from "./modes.ts";

export type JoinOptionsValue = Record<string, unknown>;

/** The options as the mode's schema returns them. Throws INVALID_ATTRIBUTES with every issue. */
export function checkOptions(mode: Mode, options: JoinOptionsValue, bytesMax: number): JoinOptionsValue {
  if (Object.keys(options).length > 0 && new TextEncoder().encode(JSON.stringify(options)).length > bytesMax) {
    throw new FrontrowError("INVALID_ATTRIBUTES", `They are larger than ${bytesMax} bytes.`);
  }
  if (!mode.options) return options;
  const parsed = mode.options.safeParse(options);
  if (!parsed.success) throw new FrontrowError("INVALID_ATTRIBUTES", undefined, { issues: issuesOf(parsed.error) });
  return (parsed.data ?? {}) as JoinOptionsValue;
}
