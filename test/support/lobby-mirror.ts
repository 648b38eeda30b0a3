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
    const { ticket, seats, compat, capacity, avoid, roster, notAfterMs } = step;
    const suffix = `room${made++}`;
    compatOf.set(suffix, compat);
    const fresh = { seats: capacity, suffix, code: step.code };
    const ends = notAfterMs && START_MS + notAfterMs;
    return { ticket, seats, compat, target: targetOf(step), fresh, avoid, roster, notAfterMs: ends };
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
    const rooms = step.rooms.map(({ room, seated, locked, match, wanted }): RoomReport => {
      const { server: _server, ...rest } = roomAt(room);
      const metadata = `{"n":${room}}`;
      return { ...rest, seated: Math.min(seated, rest.capacity), locked, metadata, match, wanted };
    });
    const ids = (numbers: readonly number[]) => numbers.map((n) => roomAt(n).roomId);
    const sat = step.sat.map(({ ticket, seat, room, generation }) =>
      generation === undefined
        ? { ticket, seat }
        : { ticket, seat, roomId: roomAt(room).roomId, generation: generation + 1 },
    );
    const lists = { rooms, sat, left: step.left, retire: ids(step.retire), gone: ids(step.gone) };
    return { server, boot: bootOf(server, boot), seq: late ? 1 : ++seq + 1, load, complete, ...lists };
  }

  return {
    questionOf(step: Exclude<Step, { do: "time" | "quiet" }>): Question {
      switch (step.do) {
        case "reserve": {
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
        case "settle":
          return (lobby) => Promise.all(step.list.map((match) => lobby.index.settle(match)));
        case "wanted":
          return (lobby) => lobby.index.listWanted(step.mode);
        case "replica": {
          const { replica, seenEpoch, leave } = step;
          return (lobby) => lobby.replicas.claim({ replica, seenEpoch, leave });
        }
        case "report": {
          const { ticket: match, left } = step;
          const result = { match, roomId: roomAt(0).roomId, mode: "duel", ranks: undefined, left, players: [] };
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
      for (const reply of Array.isArray(answer) ? (answer as ReserveReply[]) : []) {
        if (reply.kind !== "RESERVED" || known.some(({ roomId }) => roomId === reply.roomId)) continue;
        const { roomId, server, mode, capacity, code } = reply;
        const compat = compatOf.get(roomId.split("_")[2]!) ?? "v1";
        known.push({ roomId, server, mode, compat, capacity, private: reply.private, code });
      }
    },
  };
}
