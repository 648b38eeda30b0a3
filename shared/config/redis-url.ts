/**
 * Where Redis is, from one URL:
 *
 *   redis://[user:password@]host[:6379][/db]                                  one node
 *   redis+sentinel://[user:password@]host[:26379],host…/master-name[/db]      Sentinel
 *   redis+cluster://[user:password@]host[:6379],host…                         Cluster
 *
 * `rediss` instead of `redis` speaks TLS. No RFC covers more than the first form; the other two follow what clients of
 * other languages read. User and password are percent-decoded; they are those of the data nodes.
 */
import * as z from "zod";

export interface RedisNode {
  readonly host: string;
  readonly port: number;
}
interface RedisCommon {
  readonly nodes: readonly RedisNode[];
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}
export type RedisTarget =
  | (RedisCommon & { readonly kind: "single" | "sentinel"; readonly db: number; readonly masterName: string })
  | (RedisCommon & { readonly kind: "cluster" });

const FORM = /^(rediss?)(\+sentinel|\+cluster)?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/([^?#]*))?$/;
const NODE = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

/** The target that `text` names, or the sentence that says what is wrong with it. Never repeats the password. */
export function parseRedisUrl(text: string): RedisTarget | string {
  const [, scheme, flavour = "", credentials, hosts = "", path = ""] = FORM.exec(text) ?? [];
  if (!scheme) return "must be redis://host:6379, redis+sentinel://host,host/master-name or redis+cluster://host,host";
  const nodes: RedisNode[] = [];
  for (const entry of hosts.split(",")) {
    const [, host, port] = NODE.exec(entry.trim()) ?? [];
    if (!host || Number(port ?? 1) > 65_535) return `has no host and port in "${entry.trim()}"`;
    nodes.push({
      host: host.replace(/^\[|\]$/g, ""),
      port: Number(port ?? (flavour === "+sentinel" ? 26_379 : 6_379)),
    });
  }
  const common = { nodes, tls: scheme === "rediss", ...credentialsOf(credentials) };
  const segments = path.split("/").filter((segment) => segment !== "");
  if (flavour === "+cluster") {
    return segments.length > 0 ? "names a database, and a Redis Cluster has only one" : { kind: "cluster", ...common };
  }
  if (flavour === "" && nodes.length > 1) return "has several hosts: say redis+sentinel:// or redis+cluster://";
  const masterName = flavour === "+sentinel" ? segments.shift() : "";
  if (masterName === undefined) return "needs the master's name as its path: redis+sentinel://host,host/master-name";
  const [db = "0", ...rest] = segments;
  if (!/^\d{1,4}$/.test(db) || rest.length > 0) return `must end in the number of a database, not "${path}"`;
  return { kind: flavour === "" ? "single" : "sentinel", ...common, db: Number(db), masterName };
}

/** `user:password`, `:password` or `user`; percent-decoded, as they stand when that fails. */
function credentialsOf(text: string | undefined): { username?: string; password?: string } {
  if (!text) return {};
  const [user = "", ...rest] = text.split(":");
  const username = decoded(user);
  const password = decoded(rest.join(":"));
  return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const RedisUrl = z.string().transform((text, context): RedisTarget => {
  const target = parseRedisUrl(text);
  if (typeof target !== "string") return target;
  context.addIssue({ code: "custom", message: target });
  return z.NEVER;
});
