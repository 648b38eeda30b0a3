/** A player of the swarm without an SDK, who does as stock SDKs do when the connection breaks. */
import { setTimeout as sleep } from "node:timers/promises";
import { RawSeat, reserveOverHttp } from "../raw-seat.ts";

const ROOM_DATA = 13;
const MARK = Buffer.concat([Uint8Array.of(ROOM_DATA, 0xa4), Buffer.from("mark"), Uint8Array.of(0xcd)]);
/** As the stock SDK has them: in step, without jitter. */
const [DELAY_MS, DELAY_MS_MAX, TRIES] = [100, 5_000, 15];
/** Close codes upon which it tries again. */
const TRY_AGAIN: ReadonlySet<number | undefined> = new Set([1005, 1006, 1001, 4010]);

export class StormPlayer {
  readonly #url: string;
  readonly #into: Buffer;
  readonly #mark: number;
  readonly #path: string;
  #seat: RawSeat;

  private constructor(url: string, into: Buffer, mark: number, path: string) {
    this.#url = url;
    this.#into = into;
    this.#mark = mark;
    this.#path = path;
    this.#seat = this.#dial("");
  }

  static async sit(url: string, into: Buffer, mark: number): Promise<StormPlayer> {
    const player = new StormPlayer(url, into, mark, (await reserveOverHttp(url, "swarm")).path);
    if (!(await player.#seat.joined)) throw new Error(`it did not get in: ${player.#seat.code}`);
    player.#say();
    return player;
  }

  cut(): void {
    this.#seat.cut();
  }

  async comeBack(): Promise<void> {
    const query = `&reconnectionToken=${this.#seat.reconnectionToken}&skipHandshake=1`;
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      await sleep(Math.min(DELAY_MS_MAX, 2 ** attempt * DELAY_MS));
      const seat = this.#dial(query);
      if (await seat.joined) {
        this.#seat = seat;
        return this.#say();
      }
      if (!TRY_AGAIN.has(seat.code)) throw new Error(`told ${seat.code} in attempt ${attempt}`);
    }
    throw new Error("gave up");
  }

  #dial(query: string): RawSeat {
    const port = Number(new URL(this.#url).port);
    return new RawSeat({ port, path: this.#path + query, into: this.#into });
  }

  #say(): void {
    this.#seat.say(Buffer.concat([MARK, Uint8Array.of(this.#mark >> 8, this.#mark & 255)]));
  }
}
