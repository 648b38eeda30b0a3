/** The messages, from their schemas; what they are for, from the comments beside the schemas. */
import * as z from "zod";
import { SUBPROTOCOLS } from "../../../shared/protocol/codec.ts";
import * as down from "../../../shared/protocol/down.ts";
import * as link from "../../../shared/protocol/link.ts";
import { samples } from "../../../shared/protocol/samples.ts";
import * as up from "../../../shared/protocol/up.ts";
import { PROTOCOL_VERSION, PROTOCOL_VERSION_MIN } from "../../../shared/protocol/version.ts";
import { type Wire, wires } from "../../../shared/protocol/wire-pin.ts";
import { code, notice, table } from "../markdown.ts";
import { exportedConstants } from "../source-comments.ts";
import { typeText } from "./type-text.ts";

const titles: Record<Wire, string> = {
  up: "From the client to the edge",
  down: "From the edge to the client",
  linkUp: "From the edge to the matchmaker",
  linkDown: "From the matchmaker to the edge",
};
const files: Record<Wire, [path: string, exports: Record<string, unknown>]> = {
  up: ["shared/protocol/up.ts", up],
  down: ["shared/protocol/down.ts", down],
  linkUp: ["shared/protocol/link.ts", link],
  linkDown: ["shared/protocol/link.ts", link],
};

export function protocolPage(root: string): string {
  const sections = Object.keys(wires).map((wire) => section(root, wire as Wire));
  return `${notice("shared/protocol/")}
# Protocol

Version ${PROTOCOL_VERSION}; the oldest that is still spoken is ${PROTOCOL_VERSION_MIN}. A client opens \`/v1/ws\` with the subprotocol \`${SUBPROTOCOLS[0]}\`
(msgpack, binary frames) or \`${SUBPROTOCOLS[1]}\` (the same messages as JSON text), one message a frame. A link between an edge and a
matchmaker opens \`/v1/link\`, speaks msgpack only, and each frame is an array of messages. Fields that a version does not know
are dropped; messages that it does not know are refused.

${sections.join("\n")}`;
}

function section(root: string, wire: Wire): string {
  const [path, exports] = files[wire];
  const constants = exportedConstants(`${root}/${path}`);
  const messages = wires[wire].options.map((schema) => {
    const name = Object.keys(exports).find((each) => exports[each] === schema);
    const constant = constants.find((each) => each.name === name);
    const json = z.toJSONSchema(schema, { io: "input" }) as z.core.JSONSchema.ObjectSchema;
    const rows = Object.entries(json.properties ?? {})
      .filter(([field]) => field !== "t")
      .map(([field, type]) => [
        code(field),
        typeText(type, json.$defs),
        json.required?.includes(field) ? "" : "optional",
        constant?.members.find((member) => member.name === field)?.comment ?? "",
      ]);
    const t = (schema.shape.t as z.ZodLiteral<string>).value;
    const sample = (samples[wire] as readonly { t: string }[]).find((each) => each.t === t);
    return [
      `### ${t}`,
      constant?.comment ?? "",
      rows.length > 0 ? table(["field", "type", "", ""], rows) : "",
      `\`\`\`json\n${JSON.stringify(sample)}\n\`\`\``,
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  });
  return `## ${titles[wire]}\n\n${messages.join("\n\n")}\n`;
}
