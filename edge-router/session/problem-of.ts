/** What is wrong with a request for a ticket, before anybody is asked for a seat; and what it is asked to be. */
import { checkOptionsSize } from "@frontrow/shared/config/check-options.ts";
import { type Refusal, refusal, refusalOf } from "@frontrow/shared/errors.ts";
import { modeHint } from "@frontrow/shared/nearest.ts";
import type { TicketRequest } from "@frontrow/shared/protocol/up.ts";
import type { Target } from "@frontrow/shared/protocol/words.ts";
import type { EdgeWorld } from "../edge.ts";

interface Asked {
  readonly request: TicketRequest;
  readonly target: Target;
  readonly address: string;
  readonly player: { readonly playerId: string };
}

export async function problemOf(
  { request, target, address, player: { playerId } }: Asked,
  world: EdgeWorld,
): Promise<Refusal | undefined> {
  if ("mode" in target && !Object.hasOwn(world.modes, target.mode)) {
    return refusal("UNKNOWN_MODE", modeHint(target.mode, Object.keys(world.modes)));
  }
  if (request.t === "create" && world.modes[request.mode]?.kind === "match") {
    return refusal("MODE_QUEUED", `Ask for it with play("${request.mode}").`);
  }
  if (request.t === "play" && world.modes[request.mode]?.kind === "match") {
    try {
      checkOptionsSize(request.options ?? {}, world.limits.joinOptionsBytes);
    } catch (error) {
      return refusalOf(error);
    }
  }
  const waitMs = (await world.rates.play(playerId)) || ("code" in target ? await world.rates.tryCode(address) : 0);
  return waitMs > 0 ? refusal("RATE_LIMITED", undefined, { retryAfterMs: waitMs }) : undefined;
}

export function targetOf(request: TicketRequest): Target {
  if (request.t === "play") return { kind: "best", mode: request.mode };
  if (request.t === "create") return { kind: "new", mode: request.mode, private: request.private };
  const { room, watch = false } = request;
  return "code" in room
    ? { kind: watch ? "watch-code" : "code", code: room.code }
    : { kind: watch ? "watch-room" : "room", roomId: room.roomId };
}
