/** The type of what a process reads from its environment. */
import type * as z from "zod";
import type { ProcessKind, SettingName, SettingsTable } from "./settings.ts";

/** A setting is never undefined for a process that has a default for it or does not start without it. */
type IsSure<S, Kind extends ProcessKind> = S extends { default: unknown }
  ? true
  : S extends { developmentDefault: unknown }
    ? true
    : S extends { needed: { when: "always"; by: readonly (infer By)[] } }
      ? Kind extends By
        ? true
        : false
      : false;

/** What `parseSettings` gives a process: only what it reads, so that no process holds a secret that it has no use for. */
export type SettingsOf<Kind extends ProcessKind> = {
  readonly [N in SettingName as Kind extends SettingsTable[N]["readBy"][number] ? N : never]:
    | z.output<SettingsTable[N]["shape"]>
    | (IsSure<SettingsTable[N], Kind> extends true ? never : undefined);
};
