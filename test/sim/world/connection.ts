/**
 * One connection between an edge and a replica, as long as it stands. What is said over it is packed and goes through the wire's schemas;
 * it comes late, not at all, twice, out of order, or falls into a partition. When it breaks, each end notices in its own time.
 */
import { decode } from "@frontrow/shared/protocol/codec.ts";
import { packMsgpack } from "@frontrow/shared/protocol/pack.ts";
import * as z from "zod";
import type { Machine } from "../engine/machine.ts";
import type { World } from "../words.ts";
import { copiesOf } from "./weather.ts";

export interface End<Message extends { t: string }> {
  readonly machine: Machine;
  readonly schema: z.ZodType<Message>;
  hear(message: Message): void;
  /** This end has noticed that the connection is no more. */
  closed(): void;
}

export interface Connection<Up extends { t: string }, Down extends { t: string }> {
  up(message: Up): void;
  /** `sure`: what nobody says again; it is never lost, and keeps its order, while the connection stands. */
  down(message: Down, sure?: boolean): void;
  /** It breaks. */
  cut(): void;
}

/** Between the edge at `place` and the replica at `site`. */
export function createConnection<Up extends { t: string }, Down extends { t: string }>(
  world: World,
  { place, site }: { place: string; site: string },
  edge: End<Down>,
  replica: End<Up>,
): Connection<Up, Down> {
  const { scheduler, net, counts, weather, watch, log } = world;
  const dice = world.dice.fork();
  const directions = { up: direction(replica), down: direction(edge) };

  function direction<Message extends { t: string }>(to: End<Message>) {
    const frames = z.array(to.schema);
    let isOpen = true;
    let lastMs = 0;
    let lastSureMs = 0;

    function hear(frame: Uint8Array): void {
      const heard = decode(frames, frame, world.limits.linkFrameBytes);
      if (!heard.ok) return watch.broken("SM15", `what one end says the other does not read: ${heard.why}`);
      for (const message of heard.value) {
        log(() => `${to.machine.name} hears ${textOf(message)}`);
        to.hear(message);
      }
    }

    function arrive(frame: Uint8Array, sure: boolean): void {
      const apartMs = net.apartMs(place, site);
      if (isOpen && apartMs > 0 && (sure || net.holds(place, site)))
        scheduler.after(apartMs, () => arrive(frame, sure));
      else if (!isOpen || apartMs > 0) counts["messages cut off"]++;
      else to.machine.hear(() => isOpen && hear(frame));
    }

    return {
      send(message: Message, sure: boolean): void {
        if (!isOpen) return;
        counts.messages++;
        const copies = sure ? [dice.between(...weather.link.delayMs)] : copiesOf(dice, weather.link);
        if (copies.length > 1) counts["messages duplicated"]++;
        const frame = packMsgpack([message]);
        for (const delayMs of copies) {
          if (delayMs === undefined) {
            counts["messages lost"]++;
            continue;
          }
          const soonestMs = weather.inOrder ? lastMs : sure ? lastSureMs : 0;
          const atMs = Math.max(soonestMs, scheduler.nowMs + delayMs);
          if (sure) lastSureMs = atMs;
          lastMs = atMs;
          scheduler.after(atMs - scheduler.nowMs, () => arrive(frame, sure));
        }
      },
      close(afterMs: number): void {
        scheduler.after(afterMs, () =>
          to.machine.hear(() => {
            if (!isOpen) return;
            isOpen = false;
            to.closed();
          }),
        );
      },
    };
  }

  // A process that dies takes its sockets with it; a machine that dies leaves the other end to find out.
  edge.machine.onKilled(() =>
    directions.up.close(dice.chance(0.7) ? dice.between(0, 100) : dice.between(1_000, 30_000)),
  );
  replica.machine.onKilled(() => directions.down.close(dice.chance(0.8) ? dice.between(0, 100) : 4_000));

  return {
    up: (message) => directions.up.send(message, false),
    down: (message, sure = false) => directions.down.send(message, sure),
    cut() {
      directions.down.close(dice.between(0, 100));
      directions.up.close(dice.chance(0.7) ? dice.between(0, 100) : dice.between(1_000, 30_000));
    },
  };
}

/** A message as the operation log has it. */
function textOf(message: { t: string }): string {
  const { t, seat: _, rtt: _rtt, metros: _metros, why: _why, receipt, ...rest } = message as Record<string, unknown>;
  return `${t} ${JSON.stringify({ ...rest, ...(receipt ? { receipt: "…" } : {}) })}`;
}
