/** As `npm create colyseus-app` writes it. */
import { createEndpoint, createRouter, defineRoom, defineServer, monitor, playground } from "colyseus";
import { MyRoom } from "./my-room.ts";

const server = defineServer({
  rooms: {
    my_room: defineRoom(MyRoom),
  },
  routes: createRouter({
    api_hello: createEndpoint("/api/hello", { method: "GET" }, async () => ({ message: "Hello World" })),
  }),
  express: (app) => {
    app.get("/hi", (_request: unknown, response: { send(text: string): void }) => {
      response.send("It's time to kick ass and chew bubblegum!");
    });
    app.use("/monitor", monitor());
    if (process.env.NODE_ENV !== "production") app.use("/", playground());
  },
});

export default server;
