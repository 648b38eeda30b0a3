/** Who cannot reach whom, and for how long. A partition ends by itself. */
export interface Net {
  /** `holds`: what is said meanwhile arrives afterwards, as over a socket that lives; else it is lost. */
  part(edge: string, site: string, ms: number, holds: boolean): void;
  /** How long the two are still apart; 0: they are not. */
  apartMs(edge: string, site: string): number;
  holds(edge: string, site: string): boolean;
}

export function createNet(nowMs: () => number): Net {
  const parted = new Map<string, { untilMs: number; holds: boolean }>();
  const of = (edge: string, site: string) => parted.get(`${edge}|${site}`);
  return {
    part: (edge, site, ms, holds) => void parted.set(`${edge}|${site}`, { untilMs: nowMs() + ms, holds }),
    apartMs: (edge, site) => Math.max(0, (of(edge, site)?.untilMs ?? 0) - nowMs()),
    holds: (edge, site) => of(edge, site)?.holds ?? false,
  };
}
