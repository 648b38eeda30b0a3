/**
 * What every attack happens in: the processes, a neighbour who sat down before, and lines that end with each test. After each
 * test the neighbour is served as before and every process answers; at the end no log tells of an exception or a secret.
 */
import { fileURLToPath } from "node:url";
import type { Limits } from "@frontrow/shared/limits.ts";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type Fleet, type Frontrow, startDev, startFleet } from "../../support/fleet.ts";
import { redisMissing } from "../../support/redis-server.ts";
import { createLines } from "./line.ts";
import { type Neighbour, seatNeighbour } from "./neighbour.ts";
import { createPlayers } from "./player.ts";

const CONFIG = fileURLToPath(new URL("../world/frontrow.config.ts", import.meta.url));

export interface SceneOptions {
  readonly limits?: Partial<Limits>;
  readonly env?: Readonly<Record<string, string>>;
  /** The neighbour's player token, where guests may not play. */
  readonly jwt?: () => Promise<string>;
}

/** The neighbour asks for something after each test, which is more than a player would. */
const optionsOf = ({ limits, env }: SceneOptions) => ({
  config: CONFIG,
  env: { ATTACK_LIMITS: JSON.stringify({ playsPerPlayerPerSecond: 20, ...limits }), ...env },
});

/** To be called at the top of a test file. */
export const devScene = (options: SceneOptions = {}) => sceneOf(() => startDev(optionsOf(options)), options, undefined);
/** A fleet needs a Redis: where there is none its tests are skipped, with the reason. */
export const fleetScene = (options: SceneOptions & { servers?: number } = {}) =>
  sceneOf<Fleet>(() => startFleet({ ...optionsOf(options), servers: options.servers ?? 1 }), options, redisMissing());

function sceneOf<F extends Frontrow>(start: () => Promise<F>, { jwt }: SceneOptions, missing: string | undefined) {
  const { dial, hangUp } = createLines();
  let frontrow: F | undefined;
  let neighbour: Neighbour | undefined;
  const running = () => {
    if (!frontrow) throw new Error("nothing runs yet");
    return frontrow;
  };

  beforeEach(({ skip }) => {
    if (missing) skip(missing);
  });
  beforeAll(async () => {
    if (missing) return;
    frontrow = await start();
    neighbour = await seatNeighbour(frontrow, await jwt?.());
  }, 60_000);
  afterEach(async () => {
    if (missing) return;
    hangUp();
    await neighbour?.isServed();
    const unready = await Promise.all(
      running().members.map(async (each) => ((await each.isReady()) ? [] : [each.name])),
    );
    if (unready.flat().length > 0) throw new Error(`not ready any more: ${unready.flat()}`);
  });
  afterAll(async () => {
    hangUp();
    await neighbour?.leave().catch(() => {});
    await frontrow?.stop();
  }, 30_000);

  return {
    dial,
    ...createPlayers(running, dial),
    get frontrow() {
      return running();
    },
    get url() {
      return running().url;
    },
    get neighbour() {
      if (!neighbour) throw new Error("nobody sat down yet");
      return neighbour;
    },
  };
}
