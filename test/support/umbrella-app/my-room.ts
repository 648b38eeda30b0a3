/** The room of Colyseus' own project template, with a schema that needs no decorators. */
import { type SchemaType, schema, t } from "@colyseus/schema";
import { type Client, Room } from "colyseus";

export const MyRoomState = schema({ mySynchronizedProperty: t.string().default("Hello world") }, "MyRoomState");

export class MyRoom extends Room<{ state: SchemaType<typeof MyRoomState> }> {
  override maxClients = 4;
  override state = new MyRoomState();

  override messages = {
    "change-property": (_client: Client, message: string) => {
      this.state.mySynchronizedProperty = message;
    },
  };

  override onCreate(options: object) {
    this.broadcast("created", options);
  }

  override onJoin(client: Client) {
    client.send("welcome", client.sessionId);
  }

  override onLeave(_client: Client, _code: number) {}

  override onDispose() {}
}
