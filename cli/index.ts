/** What a `frontrow.config.ts` imports. */
export { type MatchRules, match } from "@frontrow/shared/config/match-mode.ts";
export {
  type CompatRow,
  defineConfig,
  type FillMode,
  type FrontrowConfig,
  fill,
  type MatchMode,
  type Mode,
} from "@frontrow/shared/config/modes.ts";
