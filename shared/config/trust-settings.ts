/** Who trusts whom: the keys of links, game servers and seats, as `frontrow keys` prints them. */
import { devKeys } from "./dev-keys.ts";
import type { Setting } from "./setting.ts";
import * as shapes from "./setting-shapes.ts";

export const trustSettings = {
  linkKey: {
    env: "FRONTROW_LINK_KEY",
    shape: shapes.PrivateKey,
    readBy: ["edge", "matchmaker"],
    secret: true,
    developmentDefault: devKeys.link.privateText,
    needed: { when: "production", by: ["edge", "matchmaker"], because: "links open with a signed hello" },
    about: "This end's Ed25519 key of links between edges and matchmakers (`frontrow keys` makes it).",
  },
  linkPeers: {
    env: "FRONTROW_LINK_PEERS",
    shape: shapes.PublicKeys,
    readBy: ["edge", "matchmaker"],
    developmentDefault: devKeys.link.publicKey,
    needed: {
      when: "production",
      by: ["edge", "matchmaker"],
      because: "an unlisted peer could seat anybody as anyone",
    },
    about: "The public link keys of the other ends: on an edge the matchmakers', on a matchmaker the edges'.",
  },
  fleetKey: {
    env: "FRONTROW_FLEET_KEY",
    shape: shapes.PrivateKey,
    readBy: ["game-server"],
    secret: true,
    developmentDefault: devKeys.fleet.privateText,
    needed: { when: "production", by: ["game-server"], because: "matchmakers use only signed registrations" },
    about:
      "The Ed25519 key with which game servers sign their registration, so that writing to Redis does not make a server.",
  },
  fleetKeys: {
    env: "FRONTROW_FLEET_KEYS",
    shape: shapes.PublicKeys,
    readBy: ["matchmaker"],
    developmentDefault: devKeys.fleet.publicKey,
    needed: {
      when: "production",
      by: ["matchmaker"],
      because: "whoever can write to Redis could pose as a game server",
    },
    about: "The public fleet keys whose registrations this matchmaker believes.",
  },
  issuerKey: {
    env: "FRONTROW_ISSUER_KEY",
    shape: shapes.PrivateKey,
    readBy: ["matchmaker"],
    secret: true,
    developmentDefault: devKeys.issuer.privateText,
    needed: { when: "production", by: ["matchmaker"], because: "seats are signed under it" },
    about:
      "The metro's X25519 key, the same on all of its matchmakers, from which the keys of seat tokens are derived.",
  },
  issuerKeys: {
    env: "FRONTROW_ISSUER_KEYS",
    shape: shapes.PublicKeys.refine((keys) => keys.length <= 2, "may list two keys at most, the old and the new one"),
    readBy: ["game-server"],
    developmentDefault: devKeys.issuer.publicKey,
    needed: { when: "production", by: ["game-server"], because: "only the metro's matchmakers may give seats here" },
    about: "The metro's public issuer key; two while it is being replaced.",
  },
} as const satisfies Record<string, Setting>;
