/** The head of a request as plain values, which outlive uWebSockets' own request object. */
import type { Head } from "./listener.ts";
import type { Origin } from "./proxies.ts";

/** Headers by lower-case name; repeated ones joined, so that a second one never hides behind the first. */
export class Headers {
  readonly #values = new Map<string, string>();

  add(name: string, value: string): void {
    const before = this.#values.get(name);
    this.#values.set(name, before === undefined ? value : `${before}, ${value}`);
  }

  get(name: string): string {
    return this.#values.get(name) ?? "";
  }
}

export class RequestHead implements Head {
  readonly method: string;
  readonly path: string;
  readonly address: string;
  readonly secure: boolean;
  readonly params: Readonly<Record<string, string>>;
  readonly #headers: Headers;
  readonly #search: string;
  #query: URLSearchParams | undefined;

  constructor(
    line: { method: string; path: string; search: string },
    headers: Headers,
    origin: Origin,
    params: Readonly<Record<string, string>>,
  ) {
    this.method = line.method;
    this.path = line.path;
    this.#search = line.search;
    this.#headers = headers;
    this.address = origin.address;
    this.secure = origin.secure;
    this.params = params;
  }

  /** Parsed when first asked for: a refused request rarely gets that far. */
  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.#search);
    return this.#query;
  }

  header(name: string): string {
    return this.#headers.get(name);
  }
}
