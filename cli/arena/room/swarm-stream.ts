/** The swarm on the wire: what moves by the hundred is a stream, not schema state. */
import { defineStream } from "@frontrow/shared/stream/define.ts";
import { int } from "@frontrow/shared/stream/fields.ts";
import { WORLD } from "./rules.ts";

export const LOOKS = 6;

export const swarmStream = defineStream({
  area: WORLD,
  cell: 200,
  step: 1 / 8,
  entitiesMax: 1_024,
  kinds: { drone: { angle: 8, fields: { look: int(0, LOOKS - 1) } } },
  events: { burst: { fields: { look: int(0, LOOKS - 1) } } },
});
export type SwarmKinds = typeof swarmStream.kinds;
export type SwarmEvents = typeof swarmStream.events;
