/**
 * Results of matches, kept until somebody is done with them. A taken one is out of sight for a while and then given again, so
 * that a matchmaker that dies with it in hand loses nothing; whoever counts a result must count it once by its match.
 */
import { countOf, reportText } from "../bounds.ts";
import type { MatchReport, PendingReport, ReportReply } from "../lobby.ts";
import { observe } from "./clock.ts";
import type { LobbyState } from "./state.ts";

export function report(state: LobbyState, result: MatchReport): ReportReply {
  const text = reportText(result, state.limits);
  const now = observe(state);
  const { reports, reportsDue, limits } = state;
  const room = state.rooms.get(result.roomId);
  if (room) room.finished = true;
  if (reports.get(result.match) !== undefined) return { kind: "REPEATED" };
  for (const id of reportsDue.range(-Infinity, now - limits.reportKeptMs, Infinity)) reportsDue.delete(id);
  if (reportsDue.size() >= limits.reportsMax) return { kind: "DROPPED", dropped: ++state.reportsDropped };
  reports.set(result.match, text, now + limits.reportKeptMs);
  reportsDue.set(result.match, now);
  return { kind: "KEPT" };
}

export function takeReports(state: LobbyState, max: number): PendingReport[] {
  const now = observe(state);
  const againMs = now + state.limits.reportRetryMs;
  const due = state.reportsDue.range(-Infinity, now, countOf(max));
  // Later than any could be taken until: the clock has gone back since.
  due.push(...state.reportsDue.range(againMs + 1, Infinity, countOf(max) - due.length));
  const taken: PendingReport[] = [];
  for (const id of due) {
    const text = state.reports.get(id);
    if (!text) {
      state.reportsDue.delete(id);
      continue;
    }
    state.reportsDue.set(id, againMs);
    taken.push({ id, report: JSON.parse(text) as MatchReport });
  }
  return taken;
}

/** Their matches stay known, so that a repeat is noticed. */
export function doneReports(state: LobbyState, ids: readonly string[]) {
  for (const id of ids) {
    state.reportsDue.delete(id);
    if (state.reports.get(id) !== undefined) state.reports.set(id, "", state.nowMs() + state.limits.reportKeptMs);
  }
}
