/**
 * The one table of what the environment may say: every variable, who reads it, its default and the reason for it.
 * `parseSettings` reads it, `.env.example` and `docs/reference/configuration.md` are printed from it.
 *
 * Defaults are written as the variable's text, so that one shape reads both. `developmentDefault` holds only outside
 * production: what has one and no `default` is insecure or wrong on a real system and must be said there.
 */
import { devKeys } from "./dev-keys.ts";
import { RedisUrl } from "./redis-url.ts";
import { processKinds, type Setting } from "./setting.ts";
import * as shapes from "./setting-shapes.ts";
import { trustSettings } from "./trust-settings.ts";

export { type ProcessKind, processKinds, type Setting } from "./setting.ts";

const doors = ["dev", "edge", "matchmaker"] as const;

export const settingsTable = {
  // ---- this process -------------------------------------------------------------------------------------------------
  environment: {
    env: "NODE_ENV",
    shape: shapes.oneOf("production", "development", "test"),
    readBy: processKinds,
    default: "development",
    about:
      "`production` refuses everything that is only fit for a developer's machine: guests, well-known keys, pages of any origin. " +
      "A staging system is production, too.",
  },
  host: {
    env: "HOST",
    shape: shapes.BindHost,
    readBy: processKinds,
    default: { dev: "0.0.0.0", edge: "0.0.0.0", matchmaker: "0.0.0.0", "game-server": "0.0.0.0" },
    developmentDefault: { edge: "127.0.0.1", matchmaker: "127.0.0.1", "game-server": "127.0.0.1" },
    about:
      "The address to listen on. `dev` is open to the local network, so that a phone can join; outside production the separate " +
      "processes listen on loopback, because they trust well-known keys there.",
  },
  port: {
    env: "PORT",
    shape: shapes.Port,
    readBy: processKinds,
    default: { dev: "2567", edge: "2567", matchmaker: "2600", "game-server": "2568" },
    about:
      "The port of players (edge, game server) or of links (matchmaker); 2567 is where Colyseus clients look. 0 lets the system " +
      "choose. No process looks for a free one: a second of its kind on one machine is given another PORT and another ADMIN_PORT.",
  },
  adminHost: {
    env: "ADMIN_HOST",
    shape: shapes.BindHost,
    readBy: processKinds,
    default: "127.0.0.1",
    about: "The address of health checks and metrics. They have no login: open it only to a network that is yours.",
  },
  adminPort: {
    env: "ADMIN_PORT",
    shape: shapes.Port,
    readBy: processKinds,
    default: { dev: "9600", edge: "9600", matchmaker: "9601", "game-server": "9602" },
    about:
      "The port of `/healthz`, `/readyz` and `/metrics`. The defaults differ, so that one machine can run one of each; a second of a " +
      "kind is given its own, and a PORT of its own.",
  },
  transport: {
    env: "FRONTROW_TRANSPORT",
    shape: shapes.oneOf("auto", "uws", "ws"),
    readBy: processKinds,
    default: "auto",
    about: "The socket library: uWebSockets.js (`uws`) where it loads, else `ws`. Name one to be sure which it is.",
  },
  logLevel: {
    env: "FRONTROW_LOG_LEVEL",
    shape: shapes.oneOf("trace", "debug", "info", "warn", "error", "fatal", "silent"),
    readBy: processKinds,
    default: "info",
    about: "The least severe log lines to write. At `info` a player leaves no line, so logs do not grow with players.",
  },
  configFile: {
    env: "FRONTROW_CONFIG",
    shape: shapes.Text,
    readBy: processKinds,
    example: "./frontrow.config.ts",
    about: "The path of `frontrow.config.ts`. Unless given it is looked for in the working directory and upwards.",
  },

  // ---- where ----------------------------------------------------------------------------------------------------------
  redis: {
    env: "REDIS_URL",
    shape: RedisUrl,
    readBy: ["dev", "matchmaker", "game-server"],
    secret: true,
    example: "redis://127.0.0.1:6379",
    needed: {
      when: "always",
      by: ["matchmaker", "game-server"],
      because: "separate processes meet in the lobby index, which lives in Redis; `frontrow dev` alone can do without",
    },
    about:
      "The lobby index of this metro: `redis://` or `rediss://` (TLS) with user and password where there are any, " +
      "`redis+sentinel://host,host/master-name`, or `redis+cluster://host,host`. `dev` keeps it in memory unless given.",
  },
  metro: {
    env: "FRONTROW_METRO",
    shape: shapes.Metro,
    readBy: ["dev", "matchmaker", "game-server"],
    developmentDefault: "local",
    needed: {
      when: "production",
      by: ["matchmaker", "game-server"],
      because: "room ids and codes carry the metro's name",
    },
    example: "fra",
    about: "The metro that this process belongs to: 3 to 8 small letters.",
  },
  metros: {
    env: "FRONTROW_METROS",
    shape: shapes.MetroLinks,
    readBy: ["edge"],
    developmentDefault: "local=ws://127.0.0.1:2600",
    needed: { when: "production", by: ["edge"], because: "an edge without a metro can seat nobody" },
    example: "fra=wss://mm.fra.example.com,ams=wss://mm.ams.example.com",
    about:
      "The matchmakers that this edge links to, as `metro=url` between commas; a metro with several replicas is named once for each.",
  },
  edgeName: {
    env: "FRONTROW_EDGE",
    shape: shapes.Name,
    readBy: ["dev", "edge"],
    developmentDefault: "edge",
    needed: { when: "production", by: ["edge"], because: "matchmakers tell edges apart by their names" },
    example: "edge-fra-1",
    about: "This edge's name; a player sees it as the place that measured the round trip.",
  },
  replica: {
    env: "FRONTROW_REPLICA",
    shape: shapes.Name,
    readBy: ["dev", "matchmaker"],
    example: "mm-fra-1",
    about: "This matchmaker's name among the replicas of its metro. Made at random at each start unless given.",
  },
  ratings: {
    env: "FRONTROW_RATINGS",
    shape: shapes.Text,
    readBy: ["dev", "matchmaker"],
    example: "/var/lib/frontrow/ratings.sqlite",
    about:
      "The SQLite file of players' ratings; replicas on one machine may share it. In memory, and lost at the end, unless given.",
  },
  ticketLog: {
    env: "FRONTROW_TICKET_LOG",
    shape: shapes.Text,
    readBy: ["dev", "matchmaker"],
    example: "/var/log/frontrow/tickets.ndjson",
    about:
      "The file into which a matchmaker writes the beginning and the end of each ticket that waits, for `frontrow simulate`. Players " +
      "stand in it under pseudonyms. Nothing is written unless given.",
  },
  serverId: {
    env: "FRONTROW_SERVER_ID",
    shape: shapes.ServerId,
    readBy: ["game-server"],
    example: "7",
    about:
      "This game server's name, unique in its metro: 1 to 24 letters and digits. Made at random at each start unless given; a " +
      "fixed one makes room ids that a person can place, and is what `frontrow drain` takes.",
  },
  seatsMax: {
    env: "FRONTROW_SEATS_MAX",
    shape: shapes.wholeNumber(1, 100_000),
    readBy: ["dev", "game-server"],
    default: "1000",
    about:
      "Seats at which this game server is full. A thousand clients that all move take about a sixth of a core in sockets alone, " +
      "which leaves the rest to the game.",
  },
  drainMs: {
    env: "FRONTROW_DRAIN_MS",
    shape: shapes.wholeNumber(0, 86_400_000),
    readBy: ["dev", "game-server"],
    default: { dev: "0", "game-server": "20000" },
    developmentDefault: { "game-server": "0" },
    about:
      "How long players may play on once this game server is told to leave, by `frontrow drain` or SIGTERM; then who is left goes " +
      "back as one group. At least the length of a match, so that none is cut. Outside production nobody is waited for.",
  },
  graceMs: {
    env: "FRONTROW_GRACE_MS",
    shape: shapes.wholeNumber(1, 172_800_000),
    readBy: ["game-server"],
    example: "330000",
    about:
      "How long the platform lets this process end after SIGTERM before it kills it: `terminationGracePeriodSeconds`, " +
      "`TimeoutStopSec`, `stop_grace_period`, in ms. With it FRONTROW_DRAIN_MS is checked at the start; in Kubernetes it is taken to " +
      "be 30000, which is what holds there, unless it is said.",
  },
  publicUrl: {
    env: "FRONTROW_PUBLIC_URL",
    shape: shapes.PublicAddress,
    readBy: ["dev", "game-server"],
    needed: { when: "production", by: ["game-server"], because: "players dial the game server that has their seat" },
    example: "wss://play.example.com/gs-7",
    about:
      "How players reach this very process from outside; a path is allowed. Nothing may balance between processes behind it. " +
      "Outside production it is derived from the address that a player came by.",
  },

  // ---- who is asking --------------------------------------------------------------------------------------------------
  guests: {
    env: "FRONTROW_GUESTS",
    shape: shapes.YesNo,
    readBy: doors,
    default: "no",
    developmentDefault: "yes",
    about:
      "Whether players without a token may play: `yes` or `no`. Production refuses `yes`, because anybody is then anybody.",
  },
  origins: {
    env: "FRONTROW_ORIGINS",
    shape: shapes.Origins,
    readBy: ["dev", "edge"],
    developmentDefault: "*",
    needed: { when: "production", by: ["edge"], because: "any page on the web could play in its visitors' names" },
    example: "https://play.example.com",
    about:
      "The pages that may connect, as origins between commas; `none` for a game without pages. `*` (any page) is for " +
      "development. Programs that are no browser send no origin and are not concerned.",
  },
  jwksUrl: {
    env: "FRONTROW_JWKS_URL",
    shape: shapes.HttpUrl,
    readBy: processKinds,
    example: "https://login.example.com/.well-known/jwks.json",
    about:
      "Where the public keys of player tokens are (a JWKS). Either this or FRONTROW_JWT_KEY; it needs issuer and audience.",
  },
  jwtKey: {
    env: "FRONTROW_JWT_KEY",
    shape: shapes.PlayerTokenKey,
    readBy: processKinds,
    secret: true,
    example: "hs256:at-least-32-characters-that-nobody-can-guess",
    about:
      "The key of player tokens: a PEM public key (`-----BEGIN PUBLIC KEY-----`, line ends may be written `\\n`), or `hs256:` and " +
      "a shared secret of at least 32 characters. The beginning alone decides which it is, never a token's header.",
  },
  jwtIssuer: {
    env: "FRONTROW_JWT_ISSUER",
    shape: shapes.Text,
    readBy: processKinds,
    example: "https://login.example.com/",
    about: "The `iss` that a player token must have. Not checked unless given.",
  },
  jwtAudience: {
    env: "FRONTROW_JWT_AUDIENCE",
    shape: shapes.Text,
    readBy: processKinds,
    example: "my-game",
    about: "The `aud` that a player token must have. Not checked unless given.",
  },
  trustedProxies: {
    env: "FRONTROW_TRUSTED_PROXIES",
    shape: shapes.Proxies,
    readBy: processKinds,
    default: "none",
    example: "10.0.0.0/8",
    about:
      "Addresses or CIDR ranges of proxies in front of this process. Only their `X-Forwarded-For` and `X-Forwarded-Proto` are " +
      "believed.",
  },
  tlsCert: {
    env: "FRONTROW_TLS_CERT",
    shape: shapes.Text,
    readBy: processKinds,
    example: "/etc/frontrow/tls.crt",
    about: "The path of a PEM certificate chain, for TLS in this process instead of a proxy. Needs FRONTROW_TLS_KEY.",
  },
  tlsKey: {
    env: "FRONTROW_TLS_KEY",
    shape: shapes.Text,
    readBy: processKinds,
    example: "/etc/frontrow/tls.key",
    about: "The path of the certificate's private key (PEM).",
  },

  apiKeys: {
    env: "FRONTROW_API_KEYS",
    shape: shapes.ApiKeys,
    readBy: ["dev", "matchmaker"],
    secret: true,
    developmentDefault: `dev:${devKeys.api.publicKey}:tickets+matches+modes+read`,
    example: `studio-1:${"h".repeat(43)}:tickets+read,tools:${"h".repeat(43)}:modes+read:2027-06-30`,
    about:
      "Who may use the matchmaker's HTTP API, as entries that `frontrow keys --api <id>` prints: id, hash of the secret, scopes " +
      "(`tickets`, `matches`, `modes`, `read`), and where it ends a date. Several are valid side by side, so that one can be " +
      "replaced. Without it the API is not there.",
  },
  replicas: {
    env: "FRONTROW_REPLICAS",
    shape: shapes.ReplicaUrls,
    readBy: ["matchmaker"],
    example: "mm-fra-1=http://10.0.0.1:2600,mm-fra-2=http://10.0.0.2:2600",
    about:
      "The replicas of this metro's matchmaker, by their FRONTROW_REPLICA, as they reach one another: requests of the HTTP API are " +
      "passed on to the one that has their pool. Not needed where there is one, or no API.",
  },
  webhookUrl: {
    env: "FRONTROW_WEBHOOK_URL",
    shape: shapes.HttpUrl,
    readBy: ["dev", "matchmaker"],
    example: "https://studio.example.com/frontrow",
    about: "Where matches are told to, signed as Standard Webhooks has it. Needs FRONTROW_WEBHOOK_SECRET.",
  },
  webhookSecrets: {
    env: "FRONTROW_WEBHOOK_SECRET",
    shape: shapes.WebhookSecrets,
    readBy: ["dev", "matchmaker"],
    secret: true,
    example: `whsec_${"s".repeat(43)}=`,
    about:
      "What webhooks are signed with, as `frontrow keys --webhook` prints it; two between commas while one is being replaced.",
  },

  ...trustSettings,
} as const satisfies Record<string, Setting>;

export type SettingsTable = typeof settingsTable;
export type SettingName = keyof SettingsTable;

export type { SettingsOf } from "./settings-of.ts";
