/**
 * What an operator gives the processes of a deployment: fresh keys as `frontrow keys` prints them, section by section, a key for
 * player tokens, an origin list. `NODE_ENV=production` accepts nothing less.
 */
import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { runFrontrow } from "./frontrow.ts";

type Environment = Readonly<Record<string, string>>;

export interface Production {
  /** Environment of one process; of each metro there is one matchmaker, with keys of its own. */
  edge(name: string, metros: Readonly<Record<string, string>>): Environment;
  matchmaker(metro: string): Environment;
  gameServer(metro: string, serverId: string, publicUrl: string): Environment;
  /** A player's token, good for five minutes. */
  tokenOf(player: string): Promise<string>;
}

export const ORIGIN = "https://play.example.com";

export async function production(metros: readonly string[], common: Environment): Promise<Production> {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const base = { NODE_ENV: "production", HOST: "127.0.0.1", ...common };
  const players = { ...base, FRONTROW_JWT_KEY: (await exportSPKI(publicKey)).replaceAll("\n", "\\n") };
  const printed = await Promise.all(metros.map(async (metro) => [metro, await printKeys()] as const));
  const keys = new Map(printed);
  const keysOf = (metro: string) => keys.get(metro) ?? new Map<string, Environment>();
  // One link key for all edges: the first set's. Each metro lists it, and the edges list every metro's.
  const edgeKeys = keysOf(metros[0]!).get("edge")!;
  const edgePublic = keysOf(metros[0]!).get("matchmaker")!.FRONTROW_LINK_PEERS!;
  const metroPublics = metros.map((metro) => keysOf(metro).get("edge")!.FRONTROW_LINK_PEERS!);

  return {
    edge: (name, links) => ({
      ...players,
      ...edgeKeys,
      FRONTROW_LINK_PEERS: metroPublics.join(","),
      FRONTROW_EDGE: name,
      FRONTROW_METROS: Object.entries(links)
        .map(([metro, url]) => `${metro}=${url}`)
        .join(","),
      FRONTROW_ORIGINS: ORIGIN,
    }),
    matchmaker: (metro) => ({
      ...players,
      ...keysOf(metro).get("matchmaker"),
      FRONTROW_LINK_PEERS: edgePublic,
      FRONTROW_METRO: metro,
    }),
    gameServer: (metro, serverId, publicUrl) => ({
      ...base,
      ...keysOf(metro).get("game-server"),
      FRONTROW_METRO: metro,
      FRONTROW_SERVER_ID: serverId,
      FRONTROW_PUBLIC_URL: publicUrl,
      // What is tested here has no players to wait for.
      FRONTROW_DRAIN_MS: "0",
    }),
    tokenOf: (player) =>
      new SignJWT({}).setProtectedHeader({ alg: "ES256" }).setSubject(player).setExpirationTime("5m").sign(privateKey),
  };
}

/** The sections of `frontrow keys`, by the kind of process in their headings. */
async function printKeys(): Promise<Map<string, Environment>> {
  const { said } = await runFrontrow("keys");
  const sections = new Map<string, Environment>();
  let section: Record<string, string> = {};
  for (const line of said.split("\n")) {
    const heading = /^# (edge|matchmaker|game-server)\b/.exec(line)?.[1];
    if (heading) {
      section = {};
      sections.set(heading, section);
    }
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name && value) section[name] = value;
  }
  return sections;
}
