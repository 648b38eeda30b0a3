/** A match in words: how it stands, how long it goes on, how it ended. */
import { TEAM_LOOKS } from "../room/rules.ts";
import type { MatchState } from "../room/state.ts";
import { type PaneElements, say } from "./elements.ts";
import { hueOf } from "./palette.ts";
import type { Seated } from "./seating.ts";

export interface MatchStory {
  /** How it stands in the room that the player sits in; nothing where that is no match's. */
  tell(seated: Seated | undefined): void;
  /** How it ended, once it has; undefined where it has not, or was none. */
  verdict(seated: Seated | undefined): "won" | "lost" | "draw" | undefined;
}

export function createMatchStory(el: PaneElements): MatchStory {
  /** From 1. Remembered, because the ship may be gone when the match is over. */
  let team = 1;

  function matchOf(seated: Seated | undefined): MatchState | undefined {
    const state = seated?.room.state as MatchState | undefined;
    if (!seated || !state?.scores?.length) return undefined;
    team = state.ships.get(seated.room.sessionId)?.team ?? team;
    return state;
  }

  return {
    tell(seated) {
      const match = matchOf(seated);
      el.match.hidden = !match;
      el.root.dataset.team = match ? `${team}` : "";
      if (!match) return;
      const [ours, theirs] = scoresOf(match, team);
      say(el.ours, `${whose(match)} ${ours}`);
      say(el.theirs, `${theirs}`);
      el.ours.style.setProperty("--hue", `${hueOf(TEAM_LOOKS[team - 1]!)}`);
      el.theirs.style.setProperty("--hue", `${hueOf(TEAM_LOOKS[2 - team]!)}`);
      const leftMs = Math.max(0, match.endsMs - seated!.room.clock.lastServerTime());
      say(el.goal, `first to ${match.toWin} · ${clock(leftMs)}`);
      el.root.dataset.score = `${ours}:${theirs}`;
    },
    verdict(seated) {
      const match = matchOf(seated);
      if (!match?.over) return undefined;
      const result = match.winner === 0 ? "draw" : match.winner === team ? "won" : "lost";
      say(el.verdict, result === "draw" ? "A draw" : `${whose(match)} ${result}`);
      say(el.verdictWhy, `${scoresOf(match, team).join(" : ")}, ${whyOver(match)}.`);
      return result;
    },
  };
}

function scoresOf({ scores }: MatchState, team: number): [ours: number, theirs: number] {
  return [scores[team - 1] ?? 0, scores[2 - team] ?? 0];
}

/** A lone player is no team. */
const whose = ({ ships }: MatchState) => (ships.size > 2 ? "Your team" : "You");

function whyOver({ scores, toWin, winner, ships }: MatchState): string {
  if (Math.max(...scores) >= toWin) return `first to ${toWin}`;
  const isAlone = winner !== 0 && [...ships.values()].every(({ team }) => team === winner);
  return isAlone ? "nobody is left on the other side" : "the time is up";
}

const clock = (ms: number) => {
  const seconds = Math.ceil(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, "0")}`;
};
