/**
 * From the text of an environment variable to a typed value, or a sentence that completes "NAME …". Shapes are pure: whether
 * a file exists, a port is free or two halves of a key belong together is `frontrow doctor`'s to find out.
 */
import * as z from "zod";
import { METRO, SERVER_ID } from "../metro.ts";
import { type ApiKey, parseApiKey, repeatedKeyId } from "./api-keys.ts";

/** A shape from a function that answers with the value, or with a Problem. */
class Problem {
  readonly sentence: string;
  constructor(sentence: string) {
    this.sentence = sentence;
  }
}
function shape<T>(read: (text: string) => T | Problem) {
  return z.string().transform((text, context): T => {
    const value = read(text.trim());
    if (!(value instanceof Problem)) return value;
    context.addIssue({ code: "custom", message: value.sentence });
    return z.NEVER;
  });
}

export const Text = shape((text) => text);
export const Port = wholeNumber(0, 65_535);
export const YesNo = shape((text) =>
  text === "yes" ? true : text === "no" ? false : new Problem("must be yes or no"),
);
export const Metro = matching(METRO, "must be 3 to 8 small letters, such as fra");
export const ServerId = matching(SERVER_ID, "must be 1 to 24 letters and digits");
export const BindHost = matching(/^[A-Za-z0-9.:_-]{1,255}$/, "must be an address or a host name to listen on");
export const Name = matching(/^[A-Za-z0-9._-]{1,64}$/, "must be 1 to 64 letters, digits, dots, dashes or underscores");

/** Keys as `frontrow keys` prints them: 32 bytes as base64url; a private one has its public half after a dot. */
const PUBLIC_KEY = /^[A-Za-z0-9_-]{43}$/;
export const PrivateKey = matching(
  /^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/,
  "must be a private key as `frontrow keys` prints it",
);
export const PublicKeys = list((text) =>
  PUBLIC_KEY.test(text) ? text : new Problem("must list public keys as `frontrow keys` prints them"),
);

export function wholeNumber(min: number, max: number) {
  return shape((text) => {
    const value = Number(text);
    return /^\d{1,9}$/.test(text) && value >= min && value <= max
      ? value
      : new Problem(`must be a whole number from ${min} to ${max}`);
  });
}

export function oneOf<const Words extends readonly string[]>(...words: Words) {
  return shape((text): Words[number] | Problem =>
    words.includes(text) ? text : new Problem(`must be one of ${words.join(", ")}`),
  );
}

/** Entries between commas; at least one. */
function list<T>(read: (entry: string) => T | Problem) {
  return shape((text): readonly T[] | Problem => {
    const entries = text.split(",").map((entry) => entry.trim());
    const values = entries.filter((entry) => entry !== "").map(read);
    const problem = values.find((value) => value instanceof Problem);
    if (problem) return problem;
    return values.length > 0 ? (values as T[]) : new Problem("must have at least one entry");
  });
}

function matching(pattern: RegExp, sentence: string) {
  return shape((text) => (pattern.test(text) ? text : new Problem(sentence)));
}

/** Pages that may connect: exact origins between commas, `*` for any page, `none` for games without pages. */
export const Origins = shape((text): readonly string[] | "any" | Problem => {
  if (text === "*") return "any";
  const entries = text === "none" ? [] : text.split(",").map((entry) => entry.trim());
  const wrong = entries.find((entry) => originOf(entry) !== entry);
  return wrong === undefined
    ? entries
    : new Problem(`must list origins such as https://play.example.com, without a path: not "${wrong}"`);
});

function originOf(text: string): string | undefined {
  return URL.canParse(text) && /^https?:/.test(text) ? new URL(text).origin : undefined;
}

/** Where a matchmaker listens for links. */
const LINK_PATH = "/v1/link";

export interface MetroAddress {
  readonly metro: string;
  /** Ready to be dialled: with the path of links, whether it was given or not. */
  readonly url: string;
}
/** `fra=wss://mm.fra.example.com,ams=wss://…` */
export const MetroLinks = list((entry): MetroAddress | Problem => {
  const cut = entry.indexOf("=");
  const metro = entry.slice(0, Math.max(cut, 0));
  const url = entry.slice(cut + 1);
  if (!METRO.test(metro)) return new Problem(`must be metro=url, such as fra=wss://mm.example.com: not "${entry}"`);
  if (!URL.canParse(url) || !/^wss?:/.test(url)) return new Problem(`needs a ws:// or wss:// URL for ${metro}`);
  return { metro, url: `${url.replace(/\/+$/, "").replace(LINK_PATH, "")}${LINK_PATH}` };
}).refine((links) => new Set(links.map((link) => link.url)).size === links.length, "names a matchmaker twice");

export interface PublicUrl {
  /** Host, port and path prefix, as a client dials it; no scheme, no slash at the end. */
  readonly publicAddress: string;
  readonly secure: boolean;
}
export const PublicAddress = shape((text): PublicUrl | Problem => {
  if (/^:\d{1,5}$/.test(text)) return { publicAddress: text, secure: false };
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^(https?|wss?):$/.test(url.protocol))
    return new Problem("must be a URL such as wss://play.example.com");
  if (url.search || url.hash || url.username || url.password)
    return new Problem("may have a path, but nothing after it");
  return {
    publicAddress: `${url.host}${url.pathname}`.replace(/\/+$/, ""),
    secure: url.protocol === "https:" || url.protocol === "wss:",
  };
});

export const HttpUrl = shape((text) =>
  URL.canParse(text) && /^https?:/.test(text) ? text : new Problem("must be an https:// URL"),
);

const AddressOrRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
/** Addresses and ranges between commas, or `none`. */
export const Proxies = shape((text): readonly string[] | Problem => {
  const entries = text === "none" ? [] : text.split(",").map((entry) => entry.trim());
  const wrong = entries.find((entry) => !AddressOrRange.safeParse(entry).success);
  return wrong === undefined ? entries : new Problem(`must list addresses or CIDR ranges: not "${wrong}"`);
});

/** `mm-fra-1=http://10.0.0.1:2600,mm-fra-2=…` */
export const ReplicaUrls = list((entry): { readonly replica: string; readonly url: string } | Problem => {
  const [, replica = "", url = ""] = /^([A-Za-z0-9._-]{1,64})=(.*)$/.exec(entry) ?? [];
  if (!URL.canParse(url) || !/^https?:/.test(url)) {
    return new Problem(`must be name=url, such as mm-fra-1=http://10.0.0.1:2600: not "${entry}"`);
  }
  return { replica, url: url.replace(/\/+$/, "") };
}).refine((all) => new Set(all.map(({ replica }) => replica)).size === all.length, "names a replica twice");

export const ApiKeys = list((entry): ApiKey | Problem => {
  const key = parseApiKey(entry);
  return typeof key === "string" ? new Problem(key) : key;
}).refine((keys) => repeatedKeyId(keys) === undefined, "names a key twice");

/** Standard Webhooks: 24 to 64 random bytes as base64. */
export const WebhookSecrets = list((text) =>
  /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(text)
    ? text
    : new Problem("must list secrets as whsec_ and base64 (`frontrow keys --webhook`)"),
).refine((secrets) => secrets.length <= 2, "may list two secrets at most, the new and the old one");

/** What verifies player tokens. The prefix says which kind it is, so that a public key can never be taken for a secret. */
export type JwtKey =
  | { readonly kind: "public"; readonly pem: string }
  | { readonly kind: "secret"; readonly secret: string };

/** RFC 7518, 3.2: a key at least as long as the hash. */
const SECRET_CHARS_MIN = 32;

export const PlayerTokenKey = shape((text): JwtKey | Problem => {
  const pem = text.replaceAll("\\n", "\n");
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) {
    return new Problem("is a private key: only its public half belongs here (openssl pkey -pubout)");
  }
  if (/^-----BEGIN PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+\s-----END PUBLIC KEY-----\s*$/.test(pem)) {
    return { kind: "public", pem };
  }
  if (!text.startsWith("hs256:")) {
    return new Problem("must be a PEM public key (-----BEGIN PUBLIC KEY-----), or hs256: followed by the secret");
  }
  const secret = text.slice("hs256:".length);
  return secret.length >= SECRET_CHARS_MIN
    ? { kind: "secret", secret }
    : new Problem(`needs a secret of at least ${SECRET_CHARS_MIN} characters after hs256:`);
});
