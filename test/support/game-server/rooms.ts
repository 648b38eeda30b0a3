/** Rooms for tests of the game server: each does one thing that a room of some studio does. */
import { type Client, definePlugins, Room, ServerError } from "@colyseus/core";
import { type SchemaType, schema, t } from "@colyseus/schema";
import { MatchPlugin } from "@frontrow/game-server/plugin.ts";

const Player = schema({ name: t.string().default(""), x: t.int32().default(0) }, "TestPlayer");
const TestState = schema({ ticks: t.uint32().default(0), players: t.map(Player) }, "TestState");
type TestState = SchemaType<typeof TestState>;

/** What rooms did, by room id, for tests to read. */
const journal = new Map<string, string[]>();
/** Rooms of `SlowRoom` wait for the gate of their id. */
export const gates = new Map<string, () => void>();

export function said(roomId: string): string[] {
  return journal.get(roomId) ?? [];
}

class Journalled extends Room<{ state: TestState }> {
  override state = new TestState();
  note(what: string) {
    journal.set(this.roomId, [...said(this.roomId), what]);
  }
  override onCreate(_options?: unknown): void | Promise<void> {
    this.note("create");
    this.onMessage("echo", (client, message) => client.send("echo", message));
    this.onMessage("auth", (client) => client.send("auth", client.auth ?? null));
    this.onMessage("token", (client) => client.send("token", client.reconnectionToken));
    this.onMessage("move", (client, x: number) => {
      this.state.players.get(client.sessionId)!.x = x;
    });
    this.onMessage("throw", () => {
      throw new Error("secret of the room");
    });
    this.onMessage("reject", async () => {
      throw new Error("secret of the room");
    });
    this.onMessage("ask", () => "answer");
    this.onMessage("lock", () => void this.lock());
    this.onMessage("hide", () => void this.setPrivate());
    this.onMessage("tell", (_client, metadata) => void this.setMetadata(metadata));
    this.onMessage("disconnect", () => void this.disconnect());
    this.onMessage("grow", () => {
      this.maxClients = 100;
    });
  }
  override onJoin(client: Client, options: { name?: string }): void | Promise<void> {
    this.note(`join ${client.sessionId}`);
    this.state.players.set(client.sessionId, new Player().assign({ name: options.name ?? "" }));
  }
  override onDispose() {
    this.note("dispose");
  }
}

/** Says nothing about drops or leaves. */
export class PlainRoom extends Journalled {
  override onReconnect(client: Client) {
    this.note(`reconnect ${client.sessionId}`);
  }
}

/** Cleans up after a player who leaves, and keeps nobody's place. */
export class LeavingRoom extends Journalled {
  override onLeave(client: Client, code: number) {
    this.note(`leave ${client.sessionId} ${code}`);
    this.state.players.delete(client.sessionId);
  }
}

/** Keeps the place of a dropped player, as Colyseus' documentation shows it. */
export class KeepingRoom extends LeavingRoom {
  override onDrop(client: Client, code: number) {
    this.note(`drop ${client.sessionId} ${code}`);
    void this.allowReconnection(client, 20);
  }
  override onReconnect(client: Client) {
    this.note(`reconnect ${client.sessionId}`);
  }
}

/** Notes drops and returns, keeps nobody's place, and refuses who was banned meanwhile. */
export class FickleRoom extends LeavingRoom {
  override async onDrop(client: Client, code: number) {
    this.note(`drop ${client.sessionId} ${code}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
    this.note(`dropped ${client.sessionId}`);
    if (this.state.players.get(client.sessionId)?.x === 13) throw new Error("secret of the room");
  }
  override onReconnect(client: Client) {
    this.note(`reconnect ${client.sessionId}`);
    client.send("map", "ice");
    if (this.state.players.get(client.sessionId)?.x === 666) throw new ServerError(4999, "you are banned");
  }
}

/** Keeps the place from inside onLeave, after a moment, as rooms of older Colyseus do. */
export class OldFashionedRoom extends Journalled {
  override async onLeave(client: Client, code: number) {
    this.note(`leave ${client.sessionId} ${code}`);
    try {
      if (code === 4000) throw new Error("consented");
      await new Promise((resolve) => setTimeout(resolve, 30));
      await this.allowReconnection(client, 20);
      this.note(`back ${client.sessionId}`);
    } catch {
      this.state.players.delete(client.sessionId);
    }
  }
}

/** Uses the plugin. */
export class MatchRoom extends Journalled {
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate() {
    super.onCreate();
    this.note(`seats ${this.plugins.match.info.seats}`);
    this.onMessage("who", (client) => client.send("who", this.plugins.match.player(client)));
    this.onMessage("info", (client) => client.send("info", this.plugins.match.info));
    this.onMessage("finish", (_client, ranks) => {
      void this.plugins.match.finish({ ranks });
      void this.plugins.match.finish({ ranks: {} });
    });
  }
}

/** Ends a match with the results that a client sends. */
export class RatedRoom extends LeavingRoom {
  override plugins = definePlugins([new MatchPlugin()]);
  override onCreate() {
    super.onCreate();
    this.onMessage("finish", (_client, results) => void this.plugins.match.finish(results));
  }
}

/** Is looked on in: spectators may cheer, and ask. */
export class WatchedRoom extends RatedRoom {
  override onCreate() {
    super.onCreate();
    this.plugins.match.allowSpectators("cheer", "who");
    this.onMessage("cheer", (client) => client.send("cheer", this.locked));
    this.onMessage("who", (client) => client.send("who", this.plugins.match.player(client)));
    this.onMessage("want", (_client, free) => this.plugins.match.backfill(free));
  }
  override onJoin(client: Client, options: { name?: string }) {
    if (this.plugins.match.player(client).spectator) this.note(`watch ${client.sessionId}`);
    else return super.onJoin(client, options);
  }
}

export class ThrowingRoom extends Journalled {
  override onCreate() {
    super.onCreate();
    throw new Error("secret of the room");
  }
}

export class RenamedRoom extends Journalled {
  override onCreate() {
    super.onCreate();
    this.roomId = "somewhere-else";
  }
}

/** Is made when its gate opens. */
export class SlowRoom extends Journalled {
  override async onCreate() {
    super.onCreate();
    await new Promise<void>((resolve) => gates.set(this.roomId, resolve));
  }
}

/** Refuses as its join options say. */
export class PickyRoom extends Journalled {
  override onJoin(client: Client, options: { refuse?: string; name?: string }) {
    if (options.refuse === "deliberately") throw new ServerError(4999, "you are banned");
    if (options.refuse === "by accident") throw new TypeError("secret of the room");
    return super.onJoin(client, options);
  }
}

/** Its class authenticates, as it would while matchmaking. */
export class ClassAuthRoom extends Journalled {
  static override async onAuth(token: string, options: { team?: string }) {
    if (options.team === "strangers") return false;
    return { account: `of ${token || "nobody"}` };
  }
}

/** Its instances authenticate, and replace what admission put there. */
export class OwnAuthRoom extends MatchRoom {
  override async onAuth() {
    return { account: "own" };
  }
}

export class StayingRoom extends Journalled {
  override autoDispose = false;
}

/** Wants fewer seats than its mode has. */
export class DuoRoom extends Journalled {
  override maxClients = 2;
}

const Steer = schema({ x: t.int16().default(0) }, "Steer");

/** Takes inputs, on both of Colyseus' input channels. */
export class InputRoom extends Room<{ input: SchemaType<typeof Steer> }> {
  override inputs = this.defineInput(Steer);
  override onCreate() {
    this.onMessage("steered", (client) => client.send("steered", this.inputs.get(client.sessionId)?.latest?.x));
  }
}

/** A loop with measured time, a clock timer, and patches at half the rate: all as stock rooms set them. */
export class TimestepRoom extends Journalled {
  timers = 0;
  override onCreate() {
    super.onCreate();
    this.setSimulationInterval((deltaMs) => {
      if (deltaMs > 0) this.state.ticks++;
    }, 20);
    this.patchRate = 40;
    this.clock.setInterval(() => this.timers++, 50);
    this.onMessage("rates", (client) =>
      client.send("rates", { ticks: this.state.ticks, timers: this.timers, elapsedMs: this.clock.elapsedTime }),
    );
  }
}

/** A fixed step without patches of its own, which stock Colyseus ticks with a left-over timer of 60 Hz at a sixth of its rate. */
export class FixedStepRoom extends Journalled {
  override patchRate = null;
  override onCreate() {
    super.onCreate();
    this.setFixedTimestep(({ tick }) => {
      this.state.ticks = tick;
      if (tick % 2 === 0) this.broadcastPatch();
    }, 20);
    this.onMessage("rates", (client) =>
      client.send("rates", { ticks: this.state.ticks, elapsedMs: this.clock.elapsedTime }),
    );
  }
}

/** Encodes twice in one turn, with messages in between. */
export class ManyPatchesRoom extends Journalled {
  override onCreate() {
    super.onCreate();
    this.patchRate = 20;
    this.setTimestep(() => {
      for (const [sessionId, player] of this.state.players) {
        player.x++;
        this.broadcastPatch();
        player.name = `${sessionId} ${player.x}`;
        this.broadcast("step", player.x, { afterNextPatch: true });
      }
      if (this.state.players.size > 0) this.state.ticks++;
    }, 20);
    this.onMessage("stop", (client) => {
      this.setTimestep(() => {}, 20);
      client.send("stop", this.state.toJSON());
    });
  }
}

/** Throws wherever its clock takes it. */
export class BrokenClockRoom extends Journalled {
  override onCreate() {
    super.onCreate();
    this.setTimestep(() => {
      this.state.ticks++;
      if (this.state.ticks % 2 === 0) throw new Error("secret of the room");
    }, 20);
    this.clock.setInterval(() => {
      throw new Error("secret of the room");
    }, 20);
    this.clock.setTimeout(async () => {
      throw new Error("secret of the room");
    }, 20);
  }
}

/** Stops its patches, and starts them again. */
export class QuietRoom extends Journalled {
  override onCreate() {
    super.onCreate();
    this.onMessage("quiet", () => {
      this.patchRate = null;
    });
    this.onMessage("loud", () => {
      this.patchRate = 20;
    });
  }
}
