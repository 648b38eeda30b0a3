/**
 * What an entity or an event can say beside where it is: whole numbers of a range, one of a list, yes or no. On the wire each is as
 * many bits as it has values, so a range that is told narrowly is cheap.
 */

export interface IntField {
  readonly type: "int";
  readonly min: number;
  readonly max: number;
}

export interface OneOfField<Value = string | number | boolean> {
  readonly type: "oneOf";
  readonly values: readonly Value[];
}

export type Field = IntField | OneOfField;
export type Fields = Readonly<Record<string, Field>>;

export type ValueOf<F extends Field> = F extends OneOfField<infer Value> ? Value : number;
export type ValuesOf<F> = { -readonly [Name in keyof F]: F[Name] extends Field ? ValueOf<F[Name]> : never };
/** The fields of a kind's or an event's definition. */
export type FieldsOf<D> = D extends { readonly fields: infer F extends Fields } ? F : Record<never, never>;

/** A whole number from `min` to `max`, both included; what lies outside is taken as the nearest inside. */
export const int = (min: number, max: number): IntField => ({ type: "int", min, max });

/** One of these values; the first is the default. */
export const oneOf = <const Value extends string | number | boolean>(...values: Value[]): OneOfField<Value> => ({
  type: "oneOf",
  values,
});

/** Yes or no; no is the default. */
export const flag = (): OneOfField<boolean> => ({ type: "oneOf", values: [false, true] });

/** How many values a field has. */
export const sizeOf = (field: Field): number =>
  field.type === "int" ? field.max - field.min + 1 : field.values.length;

/** A value as it travels: 0 and up. A value that the list does not have is its first. */
export function rawOf(field: Field, value: unknown): number {
  if (field.type === "oneOf") return Math.max(0, field.values.indexOf(value as never));
  const raw = Math.round(value as number) - field.min;
  return raw > 0 ? Math.min(raw, field.max - field.min) : 0;
}

export const spoken = (field: Field, raw: number): string | number | boolean =>
  field.type === "int" ? field.min + raw : field.values[raw]!;
