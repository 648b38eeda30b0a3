/** The modes that a player may choose here. What the config says of their waits comes with the page. */
import { DUEL, SQUADS } from "../room/rules.ts";

export type ModeName = "arena" | "duel" | "squads";

/** By mode; milliseconds. Without `botsAfterMs` no bots are waited for. */
export type OfferedModes = Readonly<Record<string, { readonly botsAfterMs?: number }>>;

export function readOfferedModes(page: Document): OfferedModes {
  return JSON.parse(page.getElementById("modes")?.textContent || "{}");
}

export const isMatch = (mode: ModeName) => mode !== "arena";

/** One sentence or two on what a mode is, for who is choosing. */
export function hintOf(mode: ModeName, offered: OfferedModes): string {
  const { botsAfterMs } = offered[mode] ?? {};
  const alone = botsAfterMs === undefined ? "" : `; alone, against bots after ${Math.round(botsAfterMs / 1_000)} s`;
  switch (mode) {
    case "arena":
      return "Everybody against everybody, in and out at any time.";
    case "duel":
      return `One against one, first to ${DUEL.toWin}${alone}.`;
    case "squads":
      return `Five against five, first to ${SQUADS.toWin}${alone}.`;
  }
}
