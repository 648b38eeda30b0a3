/** Checks of keys: that two halves belong together, and that each private one is on its list where both are at hand. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { holdsDevKey } from "@frontrow/shared/config/dev-keys.ts";
import type { Environment } from "@frontrow/shared/config/parse-settings.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const PRIVATE = [
  { name: "FRONTROW_LINK_KEY", curve: "Ed25519", list: undefined },
  { name: "FRONTROW_FLEET_KEY", curve: "Ed25519", list: "FRONTROW_FLEET_KEYS" },
  { name: "FRONTROW_ISSUER_KEY", curve: "X25519", list: "FRONTROW_ISSUER_KEYS" },
] as const;

export function checkKeys(env: Environment): Finding[] {
  const findings = PRIVATE.flatMap(({ name, curve, list }) => {
    const text = env[name]?.trim();
    return text ? [checkKey(name, curve, text), ...checkListed(name, text, list, env)] : [];
  });
  const own = env.FRONTROW_LINK_KEY?.split(".")[1];
  if (own && env.FRONTROW_LINK_PEERS?.includes(own) && !holdsDevKey(own)) {
    findings.push(warn("FRONTROW_LINK_PEERS", "lists this end's own key", "list the public keys of the other ends"));
  }
  const open = Object.entries(env).filter(([key, value]) => key.startsWith("FRONTROW_") && value && holdsDevKey(value));
  for (const [key] of open)
    findings.push(warn(key, "is the development key, which everybody knows", "run `frontrow keys`"));
  return findings;
}

function checkKey(name: string, curve: string, text: string): Finding {
  const [d = "", x = ""] = text.split(".");
  try {
    const privateKey = createPrivateKey({ key: { kty: "OKP", crv: curve, d, x }, format: "jwk" });
    if (createPublicKey(privateKey).export({ format: "jwk" }).x === x) return ok(name, `its public half is ${x}`);
  } catch {
    // Said below, in the same words.
  }
  return fail(name, "its two halves do not belong together", "copy it whole, or make a new one with `frontrow keys`");
}

function checkListed(name: string, text: string, list: string | undefined, env: Environment): Finding[] {
  const listed = list && env[list];
  if (!list || !listed) return [];
  const isListed = listed.split(",").some((entry) => entry.trim() === text.split(".")[1]);
  return [
    isListed
      ? ok(list, `lists the public half of ${name}`)
      : fail(list, `does not list the public half of ${name}`, "add it: nobody would believe what it signs"),
  ];
}
