/** A real Chromium. Where there is none, browser tests are skipped with the reason; with CI=true that is a failure. */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

const PLACES = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const found = PLACES.find((place) => place !== "" && existsSync(place));

/** Why browser tests cannot run here; undefined where they can. Throws in CI. */
export function chromiumMissing(): string | undefined {
  if (found) return undefined;
  if (process.env.CI === "true") throw new Error("there is no Chromium, and in CI there must be one");
  return "there is no Chromium (set CHROMIUM to its path)";
}

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath: found! });

/** Everything that a page complains of from now on. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  return complaints;
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core calls serious or critical, one line each. */
export async function barriersOf(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    () =>
      (globalThis as never as { axe: typeof import("axe-core") }).axe.run() as Promise<import("axe-core").AxeResults>,
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
}
