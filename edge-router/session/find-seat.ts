/**
 * Where a signed-in player sits. No metro is known to be the right one, so all are asked at once; of several seats (he played on
 * while a metro was away) the one in the nearest is his. Only where every metro has said so there is nothing to resume.
 */
import { FrontrowError, type Refusal, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import type { RoundTrip } from "@frontrow/shared/protocol/words.ts";
import type { FoundSeat, MetroLink } from "../ports.ts";

export type SeatSearch =
  | ({ readonly ok: true; readonly metro: string } & FoundSeat)
  | { readonly ok: false; readonly refusal: Refusal };

export async function findSeat(
  links: readonly MetroLink[],
  asked: { readonly sid: string; readonly rtt: RoundTrip },
): Promise<SeatSearch> {
  const answers = await Promise.all(nearestFirst(links).map((link) => ask(link, asked)));
  const found = answers.find((answer) => answer.ok);
  const unsure = answers.find((answer) => !answer.ok && answer.refusal.code !== "NOTHING_TO_RESUME");
  return found ?? unsure ?? { ok: false, refusal: refusal("NOTHING_TO_RESUME") };
}

async function ask(link: MetroLink, asked: { readonly sid: string; readonly rtt: RoundTrip }): Promise<SeatSearch> {
  try {
    if (!link.isUp()) throw new FrontrowError("MATCHMAKER_AWAY", `(${link.metro})`);
    return { ok: true, metro: link.metro, ...(await link.findSeat(asked)) };
  } catch (error) {
    return { ok: false, refusal: refusalOf(error) };
  }
}

const nearestFirst = (links: readonly MetroLink[]) =>
  [...links].sort((a, b) => distanceOf(a) - distanceOf(b) || (a.metro < b.metro ? -1 : 1));
/** Far, where nobody has measured it; never Infinity, whose difference from itself is no number. */
const distanceOf = (link: MetroLink) => link.roundTrip()?.minMs ?? Number.MAX_SAFE_INTEGER;
