/**
 * Finds the route of a path: segments are literal or `:name`, a last `*` takes the rest, and the first route in the list
 * that fits answers. Paths are compared as they were sent, still percent-encoded; values of `:name` are decoded and never
 * empty. A path whose value cannot be decoded fits no route.
 */
export interface Found<Route> {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** A lookup over `routes`; `fits` narrows it down further, by method for instance. Throws on a malformed pattern. */
export type RouteTable<Route> = (path: string, fits?: (route: Route) => boolean) => Found<Route> | undefined;

export function createRouteTable<Route extends { readonly path: string }>(routes: readonly Route[]): RouteTable<Route> {
  const compiled = routes.map((route) => ({ route, pattern: segmentsOf(route.path) }));
  return (path, fits) => {
    const segments = path.split("/");
    for (const { route, pattern } of compiled) {
      if (fits && !fits(route)) continue;
      const params = match(pattern, segments);
      if (params) return { route, params };
    }
    return undefined;
  };
}

const NO_PARAMS: Readonly<Record<string, string>> = Object.freeze({});

function segmentsOf(path: string): readonly string[] {
  const segments = path.split("/");
  const star = segments.indexOf("*");
  if (!path.startsWith("/") || (star !== -1 && star !== segments.length - 1) || segments.includes(":")) {
    throw new Error(`"${path}" is not a route: "/literal/:name", and "*" only as the last segment`);
  }
  return segments;
}

function match(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  const open = pattern.at(-1) === "*";
  if (open ? segments.length < pattern.length : segments.length !== pattern.length) return undefined;
  let params: Record<string, string> | undefined;
  for (let i = 0; i < (open ? pattern.length - 1 : pattern.length); i++) {
    const wanted = pattern[i]!;
    const given = segments[i]!;
    if (!wanted.startsWith(":")) {
      if (wanted !== given) return undefined;
      continue;
    }
    const value = decoded(given);
    if (!value) return undefined;
    params ??= {};
    params[wanted.slice(1)] = value;
  }
  return params ?? NO_PARAMS;
}

function decoded(segment: string): string | undefined {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
