/**
 * Every lobby must pass this: the memory twin, Redis, Redis Cluster. Cases run side by side, each in a metro of its own, so
 * that waiting for short leases over a real Redis costs little.
 */
import { describe } from "vitest";
import { backfillCases } from "./lobby/backfill.ts";
import { drainCases } from "./lobby/drain.ts";
import { gapCases } from "./lobby/gaps.ts";
import { holdCases } from "./lobby/holds.ts";
import { listCases } from "./lobby/list.ts";
import { matchGapCases } from "./lobby/match-gaps.ts";
import { matchCases } from "./lobby/matches.ts";
import { placeCases } from "./lobby/places.ts";
import { playingCases } from "./lobby/playing.ts";
import { replaceCases } from "./lobby/replace.ts";
import { replicaCases } from "./lobby/replicas.ts";
import { reportCases } from "./lobby/reports.ts";
import { reserveCases } from "./lobby/reserve.ts";
import { serverCases } from "./lobby/servers.ts";
import { sessionCases } from "./lobby/sessions.ts";
import { sitterCases } from "./lobby/sitters.ts";
import { watchCases } from "./lobby/watch.ts";
import { type CreateLobby, createWorld, type EnterWorld, shortLimits } from "./lobby/world.ts";

export function lobbyContract(name: string, create: CreateLobby) {
  const enter: EnterWorld = async (t, limits) => {
    const under = await create({ ...shortLimits, ...limits });
    t.onTestFinished(() => under.close());
    return createWorld(under);
  };
  describe.concurrent(name, () => {
    reserveCases(enter);
    placeCases(enter);
    holdCases(enter);
    serverCases(enter);
    listCases(enter);
    gapCases(enter);
    sessionCases(enter);
    sitterCases(enter);
    playingCases(enter);
    watchCases(enter);
    matchCases(enter);
    matchGapCases(enter);
    backfillCases(enter);
    replaceCases(enter);
    drainCases(enter);
    replicaCases(enter);
    reportCases(enter);
  });
}
