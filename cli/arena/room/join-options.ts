import * as z from "zod";

/** What a player may send along when joining. */
export const JoinOptions = z.object({
  /** Shown beside the ship. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(16)
    .regex(/^[^\p{C}]*$/u, "must be printable")
    .optional(),
});
