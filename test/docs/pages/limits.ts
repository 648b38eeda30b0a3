import { defaultLimits, limitsInOrder } from "../../../shared/limits.ts";
import { code, grouped, notice, table } from "../markdown.ts";
import { exportedConstants } from "../source-comments.ts";

const SOURCE = "shared/limits.ts";

export function limitsPage(root: string): string {
  const members =
    exportedConstants(`${root}/${SOURCE}`).find((constant) => constant.name === "defaultLimits")?.members ?? [];
  const headings = [...new Set(members.map((member) => member.heading))];
  const sections = headings.map((heading) => {
    const rows = members
      .filter((member) => member.heading === heading)
      .map(({ name, comment }) => [code(name), grouped(defaultLimits[name as keyof typeof defaultLimits]), comment]);
    return `## ${heading[0]?.toUpperCase()}${heading.slice(1)}\n\n${table(["limit", "default", "why"], rows)}\n`;
  });
  const order = limitsInOrder.map(([smaller, larger, why]) => `* ${code(smaller)} < ${code(larger)}: ${why}.`);
  return `${notice(SOURCE)}
# Limits

Every bound and every time, each settable under \`limits\` in \`frontrow.config.ts\`. All processes of a system should be given the
same ones. A process checks their order before it opens a port:

${order.join("\n")}
* ${code("leaseMs")} is at least two heartbeats.

${sections.join("\n")}`;
}
