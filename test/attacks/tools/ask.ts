/** One HTTP request from an address of the attacker's choice; global `fetch` cannot choose one. */
import { type IncomingHttpHeaders, request } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Of the body; undefined where it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly json: any;
}

export interface Question {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly from?: string;
}

export function ask(url: string, { method, headers = {}, body, from = "127.0.0.66" }: Question = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // The path as it was written: URL would take dots and escapes out of it.
    const path = url.slice(url.indexOf("/", "http://".length));
    const chosen = method ?? (body === undefined ? "GET" : "POST");
    const options = {
      hostname,
      port,
      path,
      method: chosen,
      headers,
      localAddress: from,
      agent: false,
      timeout: 15_000,
    };
    const sent = request(options, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text, json: parsed(text) });
      });
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 15 s")));
    sent.on("error", reject);
    sent.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
