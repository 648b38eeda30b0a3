/**
 * Join options against their mode: small enough to travel inside a seat token, and of the shape that the mode asks for. The edge
 * asks the first question itself, because what a link cannot carry would end the link, with everybody's tickets on it.
 */
import { FrontrowError } from "../errors.ts";
import { depthWithin, issuesOf } from "../protocol/codec.ts";
import type { Mode } from "./modes.ts";

export type JoinOptionsValue = Record<string, unknown>;

/** Lists within lists: ample for a game, and below what a link's decoder takes, two levels of its own included. */
const LEVELS_MAX = 16;

/** Throws INVALID_ATTRIBUTES for options that cannot travel, whatever the mode. */
export function checkOptionsSize(options: JoinOptionsValue, bytesMax: number): void {
  if (Object.keys(options).length === 0) return;
  if (!depthWithin(options, LEVELS_MAX)) {
    throw new FrontrowError("INVALID_ATTRIBUTES", `They are nested deeper than ${LEVELS_MAX} levels.`);
  }
  if (new TextEncoder().encode(JSON.stringify(options)).length > bytesMax) {
    throw new FrontrowError("INVALID_ATTRIBUTES", `They are larger than ${bytesMax} bytes.`);
  }
}

/**
 * The options as the mode's schema returns them, which is what travels: its defaults and transforms may have made them larger.
 * Throws INVALID_ATTRIBUTES with every issue.
 */
export function checkOptions(mode: Mode, options: JoinOptionsValue, bytesMax: number): JoinOptionsValue {
  checkOptionsSize(options, bytesMax);
  if (!mode.options) return options;
  const parsed = mode.options.safeParse(options);
  if (!parsed.success) throw new FrontrowError("INVALID_ATTRIBUTES", undefined, { issues: issuesOf(parsed.error) });
  const made = (parsed.data ?? {}) as JoinOptionsValue;
  checkOptionsSize(made, bytesMax);
  return made;
}
