/** `frontrow doctor [process]`: one line a check, with what to do; exit code 1 if one failed. */
import { processKinds } from "@frontrow/shared/config/settings.ts";
import { Argument, type Command } from "commander";
import { diagnose } from "../doctor/doctor.ts";
import type { Finding } from "../doctor/finding.ts";
import { withoutSecrets } from "../without-secrets.ts";

export function register(program: Command): void {
  program
    .command("doctor")
    .description("looks for what is missing or wrong on this machine, and says what to do")
    .addArgument(new Argument("[process]", "the process that is to run here").choices(processKinds).default("dev"))
    .action(async (kind) => {
      const findings = await diagnose(kind, process.env, process.cwd());
      process.stdout.write(report(findings));
      process.exitCode = findings.some((finding) => finding.level === "fail") ? 1 : 0;
    });
}

export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map((finding) => finding.subject.length));
  return findings
    .map(({ level, subject, says, remedy }) => {
      const line = `${level.padEnd(4)}  ${subject.padEnd(width)}  ${withoutSecrets(says)}\n`;
      return remedy ? `${line}${" ".repeat(width + 8)}→ ${remedy}\n` : line;
    })
    .join("");
}
