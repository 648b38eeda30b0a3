/** Every generated file by its path, as it should be. */
import { configurationPage, envExample } from "./pages/configuration.ts";
import { errorsPage } from "./pages/errors.ts";
import { limitsPage } from "./pages/limits.ts";
import { openApiPage } from "./pages/openapi.ts";
import { protocolPage } from "./pages/protocol.ts";
import { tradeOffPicture } from "./pages/trade-off.ts";

export function generatedFiles(root: string): Record<string, string> {
  return {
    "docs/reference/errors.md": errorsPage(root),
    "docs/reference/configuration.md": configurationPage(),
    "docs/reference/limits.md": limitsPage(root),
    "docs/reference/protocol.md": protocolPage(root),
    "docs/reference/openapi.json": openApiPage(),
    ".env.example": envExample(),
    "docs/images/halo2-trade-off.svg": tradeOffPicture(root),
  };
}
