/** What a `frontrow.config.ts` imports. */
export { type CompatRow, defineConfig, type FrontrowConfig, fill, type Mode } from "@frontrow/shared/config/modes.ts";
