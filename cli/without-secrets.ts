/** Cuts what looks like a secret out of a finished text, because a token also stands where nobody foresaw it. */

export const REDACTED = "[redacted]";

/**
 * Three dot-separated base64url parts (a JWT), a bearer header, `_authToken=` and `reconnectionToken=` in a query, the user
 * and password of a URL, a private or an API key as `frontrow keys` prints it, a webhook's secret, and any base64url run of 120 or more characters: a seat
 * token is one of about 400, and the longest honest name in our logs has 100.
 */
const SECRET_SHAPES: ReadonlyArray<[RegExp, string]> = [
  [/eyJ[\w-]{5,}\.[\w-]*\.[\w-]*/g, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${REDACTED}`],
  [/\b(_authToken|reconnectionToken|access_token|token)=[^&\s"\\]+/g, `$1=${REDACTED}`],
  [/(\b[a-z][a-z0-9+]*:\/\/)[^\s"\\/@]+@/gi, `$1${REDACTED}@`],
  [/(?<![\w-])[\w-]{1,64}\.[\w-]{43}(?![\w-])/g, REDACTED],
  [/whsec_[\w+/=-]+/g, REDACTED],
  [/[\w-]{120,}/g, REDACTED],
];

/** `text` without anything that looks like a secret. */
export function withoutSecrets(text: string): string {
  let clean = text;
  for (const [shape, replacement] of SECRET_SHAPES) clean = clean.replace(shape, replacement);
  return clean;
}
