/** `@frontrow/matchmaker`: the matchmaker for a server of your own. */
export { type MatchMode, type MatchRules, match } from "@frontrow/shared/config/match-mode.ts";
export { type ErrorCode, FrontrowError } from "@frontrow/shared/errors.ts";
export type { TicketNews } from "./embed/desk-ticket.ts";
export { createMatchmaker } from "./embed/matchmaker.ts";
export type { FoundMatch, MatchPlayer, PlaceHook } from "./embed/place-hook.ts";
export type { Submission, SubmittedPlayer } from "./embed/submission.ts";
export type {
  GameServers,
  Match,
  Matchmaker,
  MatchmakerEvents,
  MatchmakerOptions,
  MatchmakerStats,
  Ticket,
} from "./embed/words.ts";
export type { RatingStore } from "./rating/rating-store.ts";
