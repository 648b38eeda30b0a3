/** Bad echoes of a room's stream: others see it go on, and what a client says of itself costs the server little. */

import { Client as StockClient } from "@colyseus/sdk";
import { followStream } from "@frontrow/client/stream/live.ts";
import { STREAM_MESSAGE } from "@frontrow/shared/stream/echo.ts";
import { afterEach, describe, expect, it, vi } from "vitest";
import { TICK_HZ } from "../../cli/arena/room/rules.ts";
import { swarmStream } from "../../cli/arena/room/swarm-stream.ts";
import { seededBytes } from "./tools/junk.ts";
import type { Line } from "./tools/line.ts";
import { joined } from "./tools/player.ts";
import { devScene } from "./tools/scene.ts";

const scene = devScene({ limits: { playsPerPlayerPerSecond: 500, requestsPerAddressPerSecond: 500 } });

const watching: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of watching.splice(0)) await stop();
});

/** Somebody who watches the swarm of the arena. */
async function watch() {
  const room = await new StockClient(scene.url).joinOrCreate("arena");
  const swarm = followStream(room, swarmStream, { tickHz: TICK_HZ });
  const drawing = setInterval(() => swarm.advance(), 25);
  watching.push(
    () => clearInterval(drawing),
    () => room.leave(),
  );
  await vi.waitFor(() => expect([...swarm.shown()].length).toBeGreaterThan(20), { timeout: 10_000 });
  return { swarm, room };
}
const goesOn = async (swarm: { readonly tick: number }) => {
  const { tick } = swarm;
  await vi.waitFor(() => expect(swarm.tick).toBeGreaterThan(tick + 40), { timeout: 10_000 });
};

function createSitters() {
  let sitters = 0;
  let player: ReturnType<typeof scene.enter> | undefined;
  return async (): Promise<Line> => {
    const from = `127.21.0.${1 + Math.floor(sitters / 40)}`;
    if (sitters++ % 40 === 0) player = scene.enter({}, { from });
    const line = scene.dialSeat(await (await player!).seat("arena"), { from });
    if (!(await joined(line))) throw new Error(JSON.stringify(line.ending));
    return line;
  };
}

describe("the stream of a room", () => {
  it("[AT33] echoes of any shape are harmless or end their own connection, and the others see the stream go on", async () => {
    const { swarm } = await watch();
    const sit = createSitters();
    let line = await sit();
    const head = Buffer.from([17, 0xa0 | STREAM_MESSAGE.length, ...Buffer.from(STREAM_MESSAGE)]);
    const echoes = [
      ...[0, 1, 4, 5, 6, 1_000].map((length) => seededBytes(length, length)),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0]),
      Buffer.from([0xff, 0xff, 0xff, 0xff, 1]),
      Buffer.from([0, 0, 0, 0, 2]),
      // Everything anew, again and again.
      ...Array.from({ length: 40 }, () => Buffer.from([1, 0, 0, 0, 1])),
    ];
    for (const echo of echoes) {
      if (!line.isOpen) line = await sit();
      line.send(Buffer.concat([head, echo]));
    }
    await goesOn(swarm);
    expect(swarm.restarts).toBeLessThanOrEqual(1);
  });
});
