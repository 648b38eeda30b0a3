import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsTable } from "../../shared/config/settings.ts";
import { errorCodes } from "../../shared/errors.ts";
import { defaultLimits } from "../../shared/limits.ts";
import { generatedFiles } from "./pages.ts";

const root = join(import.meta.dirname, "../..");
const files = generatedFiles(root);

describe("generated files", () => {
  it.each(Object.entries(files))("[ER5] %s is what the source says (npm run generate)", (path, text) => {
    expect(existsSync(join(root, path)), path).toBe(true);
    expect(readFileSync(join(root, path), "utf8")).toBe(text);
  });

  it("[ER5] the pages leave nothing out", () => {
    for (const code of errorCodes) expect(files["docs/reference/errors.md"]).toContain(`| \`${code}\` |`);
    for (const name of Object.keys(defaultLimits))
      expect(files["docs/reference/limits.md"]).toContain(`| \`${name}\` |`);
    for (const { env } of Object.values(settingsTable)) {
      expect(files["docs/reference/configuration.md"]).toContain(`| \`${env}\` |`);
      expect(files[".env.example"]).toMatch(new RegExp(`^#${env}=`, "m"));
    }
  });

  it("[ER5] every limit, setting and error says why it is there", () => {
    for (const page of ["limits", "errors", "configuration"]) {
      const empty = files[`docs/reference/${page}.md`]?.split("\n").filter((line) => /\|\s*\|$/.test(line));
      expect(empty, page).toEqual([]);
    }
  });
});
