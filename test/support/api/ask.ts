/**
 * A studio's server as a test: asks an API and holds every answer against the OpenAPI document that the API itself gives out. What the
 * document does not say is a failure, whatever the test looked for.
 */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

export type Fetch = (request: Request) => Promise<Response>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: checked against the document
  readonly body: any;
}

export interface AskOptions {
  readonly key?: string | undefined;
  readonly body?: unknown;
  /** Instead of `body`, as it is. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export function createAsk(fetch: Fetch, base = "http://api.test", key?: string) {
  let checks: Promise<Checks> | undefined;

  async function raw(method: string, path: string, options: AskOptions = {}): Promise<Response> {
    const { body, text = body === undefined ? undefined : JSON.stringify(body), signal } = options;
    const given = "key" in options ? options.key : key;
    const headers = new Headers({
      ...(given === undefined ? {} : { authorization: `Bearer ${given}` }),
      ...(text === undefined ? {} : { "content-type": "application/json" }),
      ...options.headers,
    });
    return fetch(
      new Request(base + path, {
        method,
        headers,
        ...(text === undefined ? {} : { body: text }),
        ...(signal ? { signal } : {}),
      }),
    );
  }

  return {
    raw,
    async ask(method: string, path: string, options?: AskOptions): Promise<Answer> {
      checks ??= loadChecks(await (await raw("GET", "/v1/openapi.json")).json());
      const response = await raw(method, path, options);
      const body = await response.json();
      (await checks).check(method, path.split("?")[0]!, response, body);
      return { status: response.status, headers: response.headers, body };
    },
  };
}

interface Checks {
  check(method: string, path: string, response: Response, body: unknown): void;
}

interface Operation {
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

// biome-ignore lint/suspicious/noExplicitAny: an OpenAPI document
async function loadChecks(document: any): Promise<Checks> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "doc", ...document });
  const pointer = (...parts: string[]) =>
    parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");

  function operationAt(method: string, path: string): { at: string; operation: Operation } | undefined {
    for (const [template, operations] of Object.entries<Record<string, Operation>>(document.paths)) {
      const pattern = new RegExp(`^${template.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
      const operation = operations[method.toLowerCase()];
      if (pattern.test(path) && operation) return { at: template, operation };
    }
    return undefined;
  }

  function schemaFor(method: string, path: string, status: number): { ref: string; contentType: string } | undefined {
    const found = operationAt(method, path);
    // What no route takes is answered by the API itself: always a problem.
    if (!found) return { ref: "doc#/components/schemas/Problem", contentType: "application/problem+json" };
    const which = `${status}` in found.operation.responses ? `${status}` : "default";
    const contentType = Object.keys(found.operation.responses[which]?.content ?? {})[0];
    if (!contentType) return undefined;
    const rest = pointer("paths", found.at, method.toLowerCase(), "responses", which, "content", contentType, "schema");
    return { ref: `doc#/${rest}`, contentType };
  }

  return {
    check(method, path, response, body) {
      const wanted = schemaFor(method, path, response.status);
      const what = `${method} ${path} ${response.status}`;
      if (!wanted) throw new Error(`${what}: the document has no such answer`);
      const contentType = response.headers.get("content-type")?.split(";")[0];
      if (contentType !== wanted.contentType) throw new Error(`${what}: ${contentType}, not ${wanted.contentType}`);
      const validate = ajv.getSchema(wanted.ref) ?? (ajv.compile({ $ref: wanted.ref }) as ValidateFunction);
      if (!validate(body)) throw new Error(`${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(body)}`);
    },
  };
}
