/** The arena's numbers, shared by the room and the page so that the page predicts what the room will say. */

/** Steps a second, and therefore also inputs a second: one input moves its ship by exactly one step. */
export const TICK_HZ = 20;
export const STEP_S = 1 / TICK_HZ;
export const SEATS = 16;

/** World units; the page shows about half of them at once. */
export const WORLD = { width: 1600, height: 1000 } as const;

export interface Block {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Mirrored left to right, so that no side of the arena is the better one. */
export const BLOCKS: readonly Block[] = [
  { x: 300, y: 200, width: 60, height: 240 },
  { x: 1240, y: 200, width: 60, height: 240 },
  { x: 300, y: 620, width: 180, height: 60 },
  { x: 1120, y: 620, width: 180, height: 60 },
  { x: 720, y: 460, width: 160, height: 80 },
  { x: 560, y: 120, width: 120, height: 50 },
  { x: 920, y: 120, width: 120, height: 50 },
  { x: 770, y: 780, width: 60, height: 120 },
];

/** Where ships appear: between the blocks, none within a ship's reach of one. The first is the centre's. */
export const BERTHS: readonly { readonly x: number; readonly y: number }[] = [
  { x: 480, y: 460 },
  { x: 1120, y: 460 },
  { x: 800, y: 280 },
  { x: 800, y: 680 },
  { x: 120, y: 120 },
  { x: 1480, y: 120 },
  { x: 120, y: 880 },
  { x: 1480, y: 880 },
  { x: 120, y: 500 },
  { x: 1480, y: 500 },
  { x: 520, y: 860 },
  { x: 1080, y: 860 },
];

/** The team whose side of the arena a berth is on: 1 to the left, 2 to the right, 0 in the middle. */
export const sideOf = ({ x }: { readonly x: number }) => (x === WORLD.width / 2 ? 0 : x < WORLD.width / 2 ? 1 : 2);

/** How far from the nearest other ship a new one would like to be: far enough to be fair, near enough to meet. */
export const BERTH_DISTANCE = 450;

export const SHIP = {
  radius: 22,
  /** Units a second. */
  speed: 280,
  health: 4,
  /** Steps between two shots. */
  reload: 5,
  /** Steps from a wreck to the next berth. */
  repair: 40,
  /** Steps' worth of movement that a ship may catch up on after its inputs were late: 200 ms of a bad network. */
  arrears: 4,
} as const;

/** What drifts about by the hundred. */
export const DRONE = {
  count: 240,
  radius: 9,
  /** Units a second. */
  slowest: 50,
  fastest: 130,
  /** Steps from a burst to the next. */
  repair: 100,
} as const;

/** How far from the middle of a player's view drones are sent, in units: at every step, and at every second. */
export const SIGHT = { near: 500, half: 750 } as const;

export const SHOT = {
  radius: 5,
  /** Units a second: faster than any ship, slow enough to dodge. */
  speed: 620,
  /** Milliseconds. */
  life: 1_100,
} as const;

export const BOTS_MAX = 8;

/** How long a player whose connection dropped keeps the ship. */
export const KEEP_PLACE_S = 30;

/** How a match ends: a team has wrecked so many ships, or the time is up. */
export interface MatchGoal {
  readonly toWin: number;
  readonly lengthMs: number;
}

export const DUEL: MatchGoal = { toWin: 5, lengthMs: 120_000 };
export const SQUADS: MatchGoal = { toWin: 20, lengthMs: 120_000 };

/** By team: blue and orange, which every kind of eye tells apart. */
export const TEAM_LOOKS = [0, 4] as const;

/** A team of which nobody has come for so long has lost: longer than a seat is held, milliseconds. */
export const COME_WITHIN_MS = 16_000;
