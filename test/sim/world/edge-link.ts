/** The edge's end of the link to whatever replica runs at a site: dialled again when it breaks, given up when nothing is heard of it. */
import { every } from "@frontrow/shared/clock.ts";
import { LinkDown, LinkUp } from "@frontrow/shared/protocol/link.ts";
import type { HolderMessage, OwnerMessage, ReplicaSet } from "@frontrow/shared/protocol/match-link.ts";
import type { Machine } from "../engine/machine.ts";
import type { World } from "../words.ts";
import { type Connection, createConnection } from "./connection.ts";
import type { Replica, Site } from "./replica.ts";

/** As `ws-link.ts`. */
const SILENCE_MS = 4_000;
const REDIAL_MS = [50, 2_000] as const;

export interface EdgeLink {
  /** False: there is no such replica at the other end. */
  say(replica: string | undefined, message: HolderMessage): boolean;
  /** None while the link is down. */
  set(): ReplicaSet | undefined;
  cut(): void;
}

export interface LinkEar {
  hear(replica: string, message: OwnerMessage): void;
  changed(): void;
}

/** `place` is where the edge stands, whichever process it is. */
export function createEdgeLink(world: World, edge: Machine, place: string, site: Site, ear: LinkEar): EdgeLink {
  const { net, counts, watch, log } = world;
  const dice = world.dice.fork();
  let open: { readonly connection: Connection<LinkUp, LinkDown>; readonly replica: Replica } | undefined;
  /** Who is at the other end, once it has said so. */
  let name: string | undefined;
  let set: ReplicaSet | undefined;
  let silentMs = 0;

  const redial = () => void edge.clock.after(dice.between(...REDIAL_MS), dial);

  function dial(): void {
    const { replica } = site;
    if (replica?.machine.state !== "runs" || net.apartMs(place, site.name) > 0) return redial();
    const connection: Connection<LinkUp, LinkDown> = createConnection<LinkUp, LinkDown>(
      world,
      { place, site: site.name },
      { machine: edge, schema: LinkDown, hear, closed },
      {
        machine: replica.machine,
        schema: LinkUp,
        hear: (message) => there.hear(message as HolderMessage),
        closed: () => there.disconnect(),
      },
    );
    open = { connection, replica };
    silentMs = 0;
    const there = replica.accept(edge.name, {
      tell: (message) => connection.down(message),
      replicas: (now) => connection.down({ t: "replicas", ...now, members: [...now.members] }, true),
    });
  }

  function hear(message: LinkDown): void {
    if (message.t === "replicas") {
      name = message.replica;
      set = { epoch: message.epoch, members: message.members };
      watch.learns(edge.name, set);
      ear.changed();
    } else if (name !== undefined) ear.hear(name, message as OwnerMessage);
  }

  function closed(): void {
    open = undefined;
    log(() => `${edge.name} lost its link to ${name ?? site.name}`);
    const wasKnown = name !== undefined;
    name = undefined;
    if (wasKnown) ear.changed();
    redial();
  }

  function cut(): void {
    if (!open) return;
    counts["links cut"]++;
    open.connection.cut();
  }

  every(edge.clock, 1_000, () => {
    if (!open) return;
    const isSilent = net.apartMs(place, site.name) > 0 || open.replica.machine.state !== "runs";
    silentMs = isSilent ? silentMs + 1_000 : 0;
    if (silentMs >= SILENCE_MS) cut();
  });
  dial();

  return {
    say(replica, message) {
      if (!open || name === undefined || (replica !== undefined && replica !== name)) return false;
      open.connection.up(message);
      return true;
    },
    set: () => (name === undefined ? undefined : set),
    cut,
  };
}
