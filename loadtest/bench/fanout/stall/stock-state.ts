/** The world as a stock room has it: the same numbers, in as many bits as a schema offers for them. */
import { MapSchema, type SchemaType, schema, t } from "@colyseus/schema";

export const StockThing = schema({ x: t.uint16(), y: t.uint16(), angle: t.uint8(), hp: t.uint8() }, "StockThing");
export type StockThing = SchemaType<typeof StockThing>;

export const StockState = schema({ tick: t.uint32().default(0), things: t.map(StockThing).view() }, "StockState");
export type StockState = SchemaType<typeof StockState>;

export const emptyThings = () => new MapSchema<StockThing>() as StockState["things"];
