/** How a pane gets its seat: one Frontrow client, one ticket at a time, and the room's own end. */
import { createClient, type Failure, type Played, type PlayResult, type TicketState, whyLeft } from "@frontrow/client";
import type { SeatStorage } from "@frontrow/client/kept-seat.ts";
import { errorCatalogue } from "@frontrow/shared/errors.ts";
import type config from "../frontrow.config.ts";
import type { ArenaState } from "../room/state.ts";
import type { ModeName } from "./offered-modes.ts";

export type Wish =
  | { readonly by: "play"; readonly mode: ModeName }
  | { readonly by: "create" }
  | { readonly by: "code"; readonly code: string };
export type Seated = Played<ArenaState>;
export type Ending = Pick<Failure, "message" | "retryable" | "retryAfterMs"> & { readonly code: string };

export interface SeatingEvents {
  searching(state: TicketState): void;
  seated(played: Seated): void;
  dropped(): void;
  returned(): void;
  /** Without a reason the player left. */
  ended(why?: Ending): void;
}

/** The close code of a room that was left on purpose. */
const CONSENTED = 4_000;

/** `place`: the pane's; after a reload of the page each pane finds its own seat. */
export function createSeating(origin: string, place: number, events: SeatingEvents) {
  const client = createClient<typeof config>({ url: origin, storage: storageOf(place) });
  let asking: AbortController | undefined;
  let seated: Seated | undefined;

  function settle(played: Seated): void {
    seated = played;
    const { room } = played;
    room.onDrop(() => events.dropped());
    room.onReconnect(() => events.returned());
    room.onLeave((code) => {
      seated = undefined;
      // The SDK looks for the next room by itself: `moved` is told.
      if (code === errorCatalogue.SERVER_LEFT.close) return events.dropped();
      events.ended(code === CONSENTED ? undefined : endingOf(code));
    });
    events.seated(played);
  }

  const moved = (answer: PlayResult<ArenaState>) => (answer.ok ? settle(answer) : events.ended(answer));

  return {
    onDistances: client.onDistances,
    async sit(wish: Wish, name: string): Promise<void> {
      asking = new AbortController();
      const { signal } = asking;
      const init = { options: name ? { name } : {}, signal, onState: events.searching, onMoved: moved };
      const answer = await (wish.by === "code"
        ? client.join<"arena">({ code: wish.code }, init)
        : wish.by === "create"
          ? client.create("arena", { ...init, private: true })
          : client.play(wish.mode, init));
      asking = undefined;
      if (answer.ok && signal.aborted) void answer.room.leave();
      else if (answer.ok) settle(answer);
      else events.ended(answer.code === "CANCELLED" ? undefined : answer);
    },
    /** After a reload: the seat that the pane had. False: it had none, or has none any more. */
    async comeBack(): Promise<boolean> {
      const answer = await client.resume<"arena">({ onMoved: moved });
      if (answer.ok) settle(answer as Seated);
      return answer.ok;
    },
    cancel: () => asking?.abort(),
    leave: () => void seated?.room.leave(),
    close() {
      asking?.abort();
      void seated?.room.leave();
      client.close();
    },
  };
}
export type Seating = ReturnType<typeof createSeating>;

function storageOf(place: number): SeatStorage {
  const keyOf = (key: string) => `pane-${place}:${key}`;
  return {
    getItem: (key) => sessionStorage.getItem(keyOf(key)),
    setItem: (key, value) => sessionStorage.setItem(keyOf(key), value),
    removeItem: (key) => sessionStorage.removeItem(keyOf(key)),
  };
}

/** Why the room closed the connection: our codes are in the catalogue, the others are Colyseus' own. */
function endingOf(close: number): Ending {
  return (
    whyLeft(close) ?? {
      code: `CLOSED_${close}`,
      message: "The connection to the room is gone.",
      retryable: true,
      retryAfterMs: 0,
    }
  );
}
