/** A refusal that came over a link, as the error that its asker expects. */
import { FrontrowError } from "@frontrow/shared/errors.ts";
import type { LinkDown } from "@frontrow/shared/protocol/link.ts";

type Refused = Extract<LinkDown, { t: "refused" }>;

export function errorOf({ code, issues, retryAfterMs, message }: Refused): FrontrowError {
  const error = new FrontrowError(code, undefined, { retryAfterMs, ...(issues ? { issues } : {}) });
  return Object.assign(error, { refusal: { ...error.refusal, message } });
}
