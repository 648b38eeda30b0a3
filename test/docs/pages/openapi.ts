/** `docs/reference/openapi.json`: the HTTP API's document, as the API itself gives it out. */
import { openApiDocument } from "../../../matchmaker/api/api.ts";
import { defaultLimits } from "../../../shared/limits.ts";

export const openApiPage = (): string => `${JSON.stringify(openApiDocument(defaultLimits), undefined, 2)}\n`;
