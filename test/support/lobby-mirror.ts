/**
 * Turns the numbers of random steps into the rooms, codes and boots that earlier answers named, so that most questions are about
 * something that exists.
 */
import type { Heartbeat, Lobby, Reservation, ReserveReply, RoomReport } from "@frontrow/lobby/lobby.ts";
import { COMPATS, METRO, MODES, START_MS, type Step } from "./lobby-steps.ts";

type Question = (lobby: Lobby) => Promise<unknown>;

interface KnownRoom {
  readonly roomId: string;
  readonly server: string;
  readonly mode: string;
  readonly compat: string;
  readonly capacity: number;
  readonly private: boolean;
  readonly code: string;
}

export function createMirror() {
  const known: KnownRoom[] = [];
  const compatOf = new Map<string, string>();
  const boots = new Map<string, number>();
  /** Where a ticket was told to sit last. */
  const seatOf = new Map<string, KnownRoom>();
  /** Tickets of the question that is answered next, and the compat where it is not a reservation's. */
  let asked: { tickets: readonly string[]; compat?: string } = { tickets: [] };
  let made = 0;
  let seq = 0;
  const bootOf = (server: string, ago: number) => `boot${(boots.get(server) ?? 0) - ago}`;
  const roomAt = (n: number): KnownRoom =>
    known[n % Math.max(1, known.length)] ?? {
      roomId: `${METRO}_1_unheard`,
      server: "1",
      mode: "arena",
      compat: "v1",
      capacity: 4,
      private: false,
      code: "",
    };

  function reservationOf(step: Extract<Step, { do: "reserve" }>["list"][number]): Reservation {
    const { ticket, seats, compat, capacity, avoid, roster, players, notAfterMs } = step;
    const suffix = `room${made++}`;
    compatOf.set(suffix, compat);
    const fresh = { seats: capacity, suffix, code: step.code };
    const ends = notAfterMs && START_MS + notAfterMs;
    return { ticket, seats, compat, target: targetOf(step), fresh, avoid, roster, players, notAfterMs: ends };
  }

  function targetOf({
    kind,
    mode,
    room,
    code,
  }: Extract<Step, { do: "reserve" }>["list"][number]): Reservation["target"] {
    switch (kind) {
      case "best":
      case "open":
      case "match":
        return { kind, mode };
      case "new":
      case "private":
        return { kind: "new", mode, private: kind === "private" };
      case "room":
      case "backfill":
        return { kind: "room", roomId: roomAt(room).roomId, backfill: kind === "backfill" };
      case "code":
        return { kind, code };
    }
  }

  function beatOf({ server, boot, late, load, complete, ...step }: Extract<Step, { do: "beat" }>["beat"]): Heartbeat {
    const rooms = step.rooms.map(({ room, seated, locked, match, wanted, company }): RoomReport => {
      const { server: _server, ...rest } = roomAt(room);
      const metadata = `{"n":${room}}`;
      return { ...rest, seated: Math.min(seated, rest.capacity), locked, metadata, match, wanted, company };
    });
    const ids = (numbers: readonly number[]) => numbers.map((n) => roomAt(n).roomId);
    const sat = step.sat.map(({ room, generation, ...seat }) =>
      generation === undefined ? seat : { ...seat, roomId: roomAt(room).roomId, generation: generation + 1 },
    );
    const refused = step.refused.map(({ ticket, room }) => ({ ticket, roomId: roomAt(room).roomId }));
    const ends = { refused, closed: step.closed, retire: ids(step.retire), gone: ids(step.gone) };
    const lists = { rooms, sat, left: step.left, ...ends };
    return { server, boot: bootOf(server, boot), seq: late ? 1 : ++seq + 1, load, complete, ...lists };
  }

  function replacementOf(step: Extract<Step, { do: "replace" }>): Question {
    const { room, refused, avoid } = step;
    // One that has a seat, mostly.
    const seated = step.own ? [...seatOf.keys()].at(-1 - (room % Math.max(1, seatOf.size))) : undefined;
    const ticket = seated ?? step.ticket;
    const from = seatOf.get(ticket) ?? roomAt(room);
    asked = { tickets: [ticket], compat: from.compat };
    const suffix = `room${made++}`;
    const { server, roomId } = from;
    const empty = { load: 0, complete: false, rooms: [], sat: [], left: [], retire: [], gone: [] };
    const said = step.cut ? { cut: [{ ticket, roomId }] } : { refused: [{ ticket, roomId }] };
    const beat = { ...empty, server, boot: bootOf(server, 0), seq: ++seq + 1, ...said };
    return async (lobby) => {
      if (refused) await lobby.leases.heartbeat(beat);
      return lobby.index.replace({ match: ticket, refusedIn: roomId, suffix, avoid });
    };
  }

  return {
    questionOf(step: Exclude<Step, { do: "time" | "quiet" }>): Question {
      asked = { tickets: [] };
      switch (step.do) {
        case "reserve": {
          asked = { tickets: step.list.map(({ ticket }) => ticket) };
          const list = step.list.map(reservationOf);
          return (lobby) => Promise.all(list.map((one) => lobby.index.reserve(one)));
        }
        case "beat": {
          const said = beatOf(step.beat);
          return (lobby) => lobby.leases.heartbeat(said);
        }
        case "register": {
          const { server, seatsMax } = step;
          boots.set(server, (boots.get(server) ?? 0) + step.boot);
          const boot = bootOf(server, 0);
          const registration = { text: `${server}${boot}`, key: "", signature: "" };
          const offer = { server, boot, registration, modes: MODES, compats: COMPATS, seatsMax };
          return (lobby) => lobby.leases.register(offer);
        }
        case "release":
          return (lobby) => lobby.index.release(step.ticket, step.seats);
        case "replace":
          return replacementOf(step);
        case "settle":
          return (lobby) => Promise.all(step.list.map((match) => lobby.index.settle(match)));
        case "seatOf":
          return (lobby) => lobby.index.seatOf(step.player);
        case "playing":
          return (lobby) => lobby.index.playing(["ada", "bob", "cy"]);
        case "wanted":
          return (lobby) => lobby.index.listWanted(step.mode);
        case "replica": {
          const { replica, seenEpoch, leave } = step;
          return (lobby) => lobby.replicas.claim({ replica, seenEpoch, leave });
        }
        case "report": {
          const { ticket: match, room, left } = step;
          const result = { match, roomId: roomAt(room).roomId, mode: "duel", ranks: undefined, left, players: [] };
          return (lobby) => lobby.leases.report(result);
        }
        case "take":
          return (lobby) => lobby.index.takeReports(step.max);
        case "done":
          return (lobby) => lobby.index.doneReports(step.list);
        case "drain": {
          const boot = bootOf(step.server, step.boot);
          return (lobby) => lobby.leases.drain(step.server, boot);
        }
        case "pause":
          return (lobby) => lobby.index.setPaused(step.flag, step.paused);
        case "list": {
          const { mode, limit } = step;
          const after = step.after % 3 === 0 ? undefined : roomAt(step.after).roomId;
          return (lobby) => lobby.index.listRooms({ mode, after, limit });
        }
        case "registration":
          return (lobby) => lobby.index.registration(step.server);
        case "locate": {
          const { roomId } = roomAt(step.room);
          return (lobby) => lobby.index.locate(roomId);
        }
        case "claim": {
          const [player, owner] = [`player${step.player}`, `owner${step.owner}`];
          return (lobby) => (step.ends ? lobby.sessions.end(player, owner) : lobby.sessions.claim(player, owner, 0));
        }
      }
    },
    /** Remembers the rooms that an answer named. */
    learn(answer: unknown) {
      const replies = (Array.isArray(answer) ? answer : [answer]) as (ReserveReply | undefined)[];
      replies.forEach((reply, at) => {
        if (reply?.kind !== "RESERVED") return;
        const { roomId, server, mode, capacity, code } = reply;
        const compat = compatOf.get(roomId.split("_")[2]!) ?? asked.compat ?? "v1";
        const room = known.find((one) => one.roomId === roomId) ?? {
          ...{ roomId, server, mode, compat, capacity, private: reply.private, code },
        };
        if (!known.includes(room)) known.push(room);
        const ticket = asked.tickets[at];
        if (ticket !== undefined) seatOf.set(ticket, room);
      });
    },
  };
}
