/** How far a player is from each metro that can be reached: to this edge, and from here on the link. Nearest first, ties by code. */
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { MetroLink } from "./ports.ts";

/** What nobody has measured yet counts as no distance: it never excludes. */
const msOf = (roundTrip: RoundTrip | undefined) => (roundTrip && roundTrip.samples > 0 ? roundTrip.minMs : 0);

export function reachableMetros(
  links: readonly Pick<MetroLink, "metro" | "isUp" | "roundTrip">[],
  toEdge: RoundTrip,
  allowed: readonly string[] | undefined,
): { metro: string; rttMs: number }[] {
  return links
    .filter((link) => link.isUp() && (allowed?.includes(link.metro) ?? true))
    .map((link) => ({ metro: link.metro, rttMs: msOf(toEdge) + msOf(link.roundTrip()) }))
    .sort((a, b) => a.rttMs - b.rttMs || (a.metro < b.metro ? -1 : 1));
}
