/** What everybody in the arena sees, as Colyseus schema state, and what a player sends: one input a step. */
import { type SchemaType, schema, t } from "@colyseus/schema";

export const Ship = schema(
  {
    name: t.string(),
    /** Picks the colour. */
    look: t.uint8(),
    bot: t.boolean(),
    /** From 1; 0 flies for itself. */
    team: t.uint8().default(0),
    x: t.float32(),
    y: t.float32(),
    aim: t.angle({ bits: 8 }),
    health: t.uint8(),
    alive: t.boolean(),
    score: t.uint16(),
    /** Steps until it may shoot, or until a wreck is repaired; the server's own. */
    wait: t.number().noSync().default(0),
    /** Steps of movement that it may still take, see `SHIP.arrears`. */
    credit: t.number().noSync().default(0),
  },
  "Ship",
);
export type Ship = SchemaType<typeof Ship>;

/** Flies straight, so its start says everything: nothing is sent while it flies. */
export const Shot = schema(
  {
    owner: t.string(),
    x: t.float32(),
    y: t.float32(),
    angle: t.float32(),
    /** Room time of the start and of the end at a wall, milliseconds. */
    from: t.uint32(),
    until: t.uint32(),
    /** Room time up to which its way has been checked for hits. */
    checked: t.number().noSync().default(0),
    /** How long ago was what its shooter saw as it fired, ms, and the same in steps of the swarm; the server's own. */
    agoMs: t.number().noSync().default(0),
    agoSteps: t.number().noSync().default(0),
  },
  "Shot",
);
export type Shot = SchemaType<typeof Shot>;

export const ArenaState = schema({ ships: t.map(Ship), shots: t.map(Shot) }, "ArenaState");
export type ArenaState = SchemaType<typeof ArenaState>;

/** What a match adds: teams, and an end. */
export const MatchState = ArenaState.extend(
  {
    /** Wrecks by team; the first entry is team 1's. */
    scores: t.array("uint16"),
    /** A team that has so many has won. */
    toWin: t.uint16(),
    /** Room time at which it ends at the latest, milliseconds. */
    endsMs: t.uint32(),
    over: t.boolean().default(false),
    /** From 1; 0 is a draw. */
    winner: t.uint8().default(0),
  },
  "MatchState",
);
export type MatchState = SchemaType<typeof MatchState>;

/** Quantized, so that no number on the wire is outside its range; a released stick is exactly zero. */
export const ArenaInput = schema(
  {
    x: t.quantized({ min: -1, max: 1, bits: 8 }),
    y: t.quantized({ min: -1, max: 1, bits: 8 }),
    aim: t.angle(),
    fire: t.boolean(),
    /** The tick of the swarm that the player sees, in sixteenths; 0: none. */
    seen: t.uint32(),
  },
  "ArenaInput",
);
export type ArenaInput = SchemaType<typeof ArenaInput>;

/** The same as a plain value, as bots and tests make it. */
export type Intent = Pick<ArenaInput, "x" | "y" | "aim" | "fire">;
