/** A JSON Schema in a few words, for a cell of a table. */
import type * as z from "zod";

type Schema = z.core.JSONSchema._JSONSchema;
type Definitions = Record<string, Schema> | undefined;

export function typeText(schema: Schema, definitions: Definitions): string {
  if (typeof schema === "boolean") return "anything";
  if (schema.$ref || Object.keys(schema).length === 0) return "any JSON value";
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum)
    return schema.enum.length > 8
      ? "one of the codes in errors.md"
      : schema.enum.map((each) => `\`${each}\``).join(" or ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => typeText(choice, definitions)).join(" or ");
  switch (schema.type) {
    case "array":
      return `list of ${typeText((schema.items as Schema) ?? true, definitions)}${upTo(schema.maxItems)}`;
    case "object":
      return schema.properties ? objectText(schema, definitions) : "object of any JSON values";
    case "string":
      return schema.pattern ? `string \`${schema.pattern}\`` : `string${upTo(schema.maxLength)}`;
    case "integer":
      return `whole number${range(schema)}`;
    case "number":
      return `number${range(schema)}`;
    case "boolean":
      return "yes or no";
    default:
      return "anything";
  }
}

function objectText({ properties, required }: Exclude<Schema, boolean>, definitions: Definitions): string {
  const fields = Object.entries(properties ?? {}).map(
    ([name, type]) => `${name}${required?.includes(name) ? "" : "?"}: ${typeText(type, definitions)}`,
  );
  return `{ ${fields.join(", ")} }`;
}

const upTo = (max: number | undefined) => (max === undefined ? "" : `, at most ${max}`);

/** zod writes the safe integers as bounds; they say nothing. */
function range({ minimum, maximum }: Exclude<Schema, boolean>): string {
  const low = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? `, from ${minimum}` : "";
  return low + (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER ? `, to ${maximum}` : "");
}
