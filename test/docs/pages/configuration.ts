import { holdsDevKey } from "../../../shared/config/dev-keys.ts";
import { defaultText } from "../../../shared/config/parse-settings.ts";
import { type ProcessKind, processKinds, type Setting, settingsTable } from "../../../shared/config/settings.ts";
import { code, notice, table } from "../markdown.ts";

const SOURCE = "shared/config/settings.ts";
const settings = Object.values<Setting>(settingsTable);

export function configurationPage(): string {
  const rows = settings.map((setting) => [
    code(setting.env),
    setting.readBy.length === processKinds.length ? "all" : setting.readBy.join(", "),
    defaultsOf(setting),
    setting.about + neededSentence(setting) + (setting.secret ? " **Secret.**" : ""),
  ]);
  return `${notice(SOURCE)}
# Configuration

A process reads its environment and \`frontrow.config.ts\` once, at its start. Every problem of both is printed, and nothing is
opened while there is one. An unknown \`FRONTROW_\` variable is a problem; variables that only other processes read are ignored,
so that all can share one file. An empty variable counts as not given. \`frontrow doctor <process>\` checks what the
configuration names: Redis, keys, ports, certificates, links.

${table(["variable", "read by", "default", "what it says"], rows)}

## frontrow.config.ts

The file default-exports \`defineConfig({ modes, rooms, compat, limits })\`. Modes are described in
[shared/config/modes.ts](../../shared/config/modes.ts), bounds and times in [limits.md](limits.md).
`;
}

function neededSentence({ needed }: Setting): string {
  if (!needed) return "";
  const when = needed.when === "always" ? "Always needed" : "Needed in production";
  return ` ${when} by ${needed.by.join(", ")}: ${needed.because}.`;
}

function defaultsOf(setting: Setting): string {
  const isSame = setting.readBy
    .filter((kind) => kind !== "dev")
    .every((kind) => defaultText(setting, kind, true) === defaultText(setting, kind, false));
  const elsewhere = perProcess(setting, false);
  if (isSame) return elsewhere;
  const inProduction = perProcess(setting, true);
  return `${elsewhere}; in production ${inProduction || "none"}`;
}

/** One word where all processes agree, else one for each. */
function perProcess(setting: Setting, production: boolean): string {
  const texts = setting.readBy
    .filter((kind) => !(production && kind === "dev"))
    .map((kind): [ProcessKind, string] => [kind, defaultText(setting, kind, production) ?? ""]);
  const [first = ["dev", ""]] = texts;
  if (texts.every(([, text]) => text === first[1])) return shown(first[1]);
  return [...new Set(texts.map(([, text]) => text))]
    .map(
      (text) =>
        `${shown(text)} (${texts
          .filter((each) => each[1] === text)
          .map(([kind]) => kind)
          .join(", ")})`,
    )
    .join(", ");
}

const shown = (text: string) => (holdsDevKey(text) ? "a development key" : code(text));

export function envExample(): string {
  const blocks = settings.map((setting) => {
    const about = wrapped(`${setting.about}${neededSentence(setting)}`.replaceAll("`", ""), 118);
    const example = setting.example ?? exampleOf(setting);
    return `${about.map((line) => `# ${line}`).join("\n")}\n# read by: ${setting.readBy.join(", ")}\n#${setting.env}=${example}\n`;
  });
  return `# Generated from ${SOURCE} by \`npm run generate\`. Copy it to .env and take the # off what you set; a process started with
# \`node --env-file=.env\` or by a container reads it. Keys: \`frontrow keys\`.

${blocks.join("\n")}`;
}

function exampleOf(setting: Setting): string {
  const [kind = "dev"] = setting.readBy;
  const text = defaultText(setting, kind, false) ?? "";
  return holdsDevKey(text) ? "" : text;
}

function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
