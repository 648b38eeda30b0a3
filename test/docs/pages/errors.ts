import { errorCatalogue, errorCodes } from "../../../shared/errors.ts";
import { code, grouped, notice, table } from "../markdown.ts";
import { exportedConstants } from "../source-comments.ts";

const SOURCE = "shared/errors.ts";

export function errorsPage(root: string): string {
  const catalogue = exportedConstants(`${root}/${SOURCE}`).find((constant) => constant.name === "errorCatalogue");
  const headings = [...new Set(catalogue?.members.map((member) => member.heading))];
  const sections = headings.map((heading) => {
    const names = catalogue?.members.filter((member) => member.heading === heading).map((member) => member.name);
    const rows = errorCodes.filter((name) => names?.includes(name)).map(row);
    return `## ${heading[0]?.toUpperCase()}${heading.slice(1)}\n\n${table(["code", "HTTP", "close", "ask again?", "meaning"], rows)}\n`;
  });
  return `${notice(SOURCE)}
# Errors

Every refusal has one of these codes, over HTTP as over sockets: \`{ code, message, retryable, retryAfterMs, issues? }\`.
The message may go on after the sentence below with a detail; the code decides. Close codes are those of WebSockets; stock
Colyseus SDKs do not reconnect by themselves on any of them.

${sections.join("\n")}`;
}

function row(name: (typeof errorCodes)[number]): string[] {
  const { http, close, retryable, retryAfterMs, message } = errorCatalogue[name];
  const again = !retryable ? "no" : retryAfterMs === 0 ? "at once" : `after ${grouped(retryAfterMs)} ms`;
  return [code(name), String(http), String(close), again, message];
}
