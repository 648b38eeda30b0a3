/** A proposal in sentences, for operators and logs. */
import { type MatchParts, stagesOf } from "./quality.ts";
import type { Rules } from "./rules.ts";
import type { MatchQuality } from "./words.ts";

export function why(parts: MatchParts, quality: MatchQuality): string[] {
  const { tickets, teams, metro, bots, room, rules, nowMs } = parts;
  const { mode } = rules;
  const players = teams.reduce((sum, team) => sum + team.length, 0);
  const stages = stagesOf(rules, tickets, nowMs);
  const sentences = [
    room
      ? `room ${room.roomId} asked for players; ${count(tickets.length, "ticket")} of ${count(players, "player")} join it`
      : `${count(tickets.length, "ticket")} of ${count(players, "player")}; the oldest waited ${seconds(quality.waitMs)}`,
  ];
  if (mode.skill) {
    const narrowest = Math.min(...stages.map((stage) => rules.skill[stage]!));
    sentences.push(
      `their ratings are ${Math.round(quality.spread)} apart; the narrowest window is ${points(narrowest)}`,
    );
  }
  if (teams.length > 1)
    sentences.push(`the teams' mean ratings are ${Math.round(quality.imbalance)} apart, sides by lot`);
  const limit = Math.min(...stages.map((stage) => rules.latencyMs[stage]!));
  const within = limit === Number.POSITIVE_INFINITY ? "" : ` (the strictest limit is ${limit} ms)`;
  sentences.push(
    room
      ? `${metro} is where the room is: ${Math.round(quality.rttMsMax)} ms for the worst placed player${within}`
      : `${metro} is best for the worst placed player: ${Math.round(quality.rttMsMax)} ms${within}`,
  );
  for (const name of quality.widened) sentences.push(widenedSentence(rules, name, stages));
  const empty = bots.reduce((sum, each) => sum + each, 0);
  if (empty > 0) sentences.push(empty === 1 ? "a bot takes the empty seat" : `${empty} bots take the empty seats`);
  return sentences;
}

function widenedSentence(rules: Rules, name: string, stages: readonly number[]): string {
  const stage = Math.max(...stages);
  const { mode } = rules;
  if (name === "skill") return `skill had widened from ${points(rules.skill[0]!)} to ${points(rules.skill[stage]!)}`;
  if (name === "latency") return `latency had widened from ${rules.latencyMs[0]} to ${ms(rules.latencyMs[stage]!)}`;
  if (name === "start") return `${mode.start!.playersMin} players suffice after ${seconds(mode.start!.afterMs)}`;
  if (name === "bots") return `bots may play after ${seconds(mode.bots!.afterMs)}`;
  const range = (mode.ranges ?? []).findIndex(({ attribute }) => attribute === name);
  return `${name} had widened from ${rules.ranges[range]![0]} to ${any(rules.ranges[range]![stage]!)}`;
}

const any = (value: number) => (value === Number.POSITIVE_INFINITY ? "any" : `${value}`);
export const points = (value: number) => (value === Number.POSITIVE_INFINITY ? "any" : `${value} points`);
export const ms = (value: number) => (value === Number.POSITIVE_INFINITY ? "any" : `${value} ms`);
export const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
/** Short waits in tenths. */
export const seconds = (value: number) =>
  `${value < 9_950 ? Math.round(value / 100) / 10 : Math.round(value / 1_000)} s`;
