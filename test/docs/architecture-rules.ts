/** Who may know whom, and who must be pure. One place; `architecture.test.ts` compares the imports with it. */

/** What each package's code may import of the others. Tests and `cli` wire everything and are not bound. */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  listener: ["shared"],
  lobby: ["shared"],
  client: ["shared"],
  "edge-router": ["shared", "listener"],
  matchmaker: ["shared", "listener", "lobby"],
  "game-server": ["shared", "listener", "lobby"],
};

/** What runs in a browser knows no keys and nothing of Node. */
export const browserFolders = ["client"];
export const notForBrowsers = [
  /^shared\/identity\//,
  /^shared\/seat-token\.ts$/,
  /^shared\/config\/(dev-keys|settings|parse)/,
];

/** Files (and folders, by their prefix) that decide and do not act: same arguments, same answer. */
export const pure = [
  "shared/",
  "edge-router/route.ts",
  "edge-router/party/membership.ts",
  "edge-router/party/memberships.ts",
  "edge-router/probe/",
  "game-server/admission/judge.ts",
  "lobby/redis/batcher.ts",
  "lobby/redis/keys.ts",
  "lobby/redis/replies.ts",
  "lobby/room-entry.ts",
  "matchmaker/match/",
  ...["kept", "owner", "party", "play"].map((name) => `matchmaker/party/${name}.ts`),
  "matchmaker/pool/",
  "matchmaker/rating/",
  "matchmaker/round.ts",
  "matchmaker/simulate/",
  "matchmaker/ticket-log/",
  "matchmaker/ticket/age.ts",
  ...["geometry", "rules", "steer"].map((name) => `cli/arena/room/${name}.ts`),
];
/** Inside a pure folder, and yet not: they make and check keys, or fetch them, or write or read a file. */
export const notPure = [
  "shared/identity/",
  "shared/seat-token.ts",
  "shared/system-clock.ts",
  "matchmaker/rating/sqlite/",
  "matchmaker/simulate/open-text.ts",
  "matchmaker/simulate/read-ticket-log.ts",
  "matchmaker/simulate/games/read-games.ts",
  "matchmaker/ticket-log/file.ts",
];

/** Modules that wait, listen, store or roll dice. */
export const impureModules =
  /^(node:|ioredis|@colyseus\/|colyseus|uWebSockets|ws$|jose$|pino|prom-client|rate-limiter)/;

/** Looks at a clock, rolls dice, waits, fetches or reads the environment. */
export const impureCalls =
  /\b(Date\.now|performance\.now|Math\.random|crypto\.getRandomValues|crypto\.randomUUID|process\.\w+|fetch\(|setTimeout\(|setInterval\(|setImmediate\(|new Date\(\))/;

/** STYLE.md: about 100 lines a file, 400 at most; a Lua script 80. */
export const linesMax = { ts: 400, lua: 80 };
/** Names that say nothing. */
export const emptyNames = /(^|[-/])(manager|helper|helpers|utils|util|misc|common)([-.]|$)/;
