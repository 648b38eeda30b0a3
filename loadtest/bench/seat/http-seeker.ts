/** A player of the peer: `joinOrCreate` over a kept-alive connection of its own. The reservation then runs out by itself. */
import { Agent, request } from "node:http";
import { MODE } from "./frontrow.config.ts";
import type { Seeker } from "./load.ts";

export function createHttpSeeker(port: number): Seeker {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { "content-type": "application/json", accept: "application/json", "content-length": "2" };
  const options = { agent, host: "127.0.0.1", port, method: "POST", path: `/matchmake/joinOrCreate/${MODE}`, headers };
  return {
    journey(seated, ended) {
      const asked = request(options, (answer) => {
        let body = "";
        answer.setEncoding("utf8");
        answer.on("data", (text) => {
          body += text;
        });
        answer.on("end", () => {
          const ok = answer.statusCode === 200 && typeof JSON.parse(body).sessionId === "string";
          if (ok) seated();
          ended(ok);
        });
      });
      asked.on("error", () => ended(false));
      asked.end("{}");
    },
  };
}
