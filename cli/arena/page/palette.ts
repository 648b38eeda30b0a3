/** Colours of the canvas, from the same style sheet as the rest, for the scheme that the player's system prefers. */

const NAMES = ["floor", "grid", "wall", "edge", "ink", "halo"] as const;

export type Palette = Readonly<Record<(typeof NAMES)[number], string>> & { hull(look: number): string };

/** Neighbouring looks are far apart on the colour wheel. */
export const hueOf = (look: number) => (205 + look * 137.5) % 360;

export function createPalette(page: Window): () => Palette {
  let palette = read(page);
  page.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    palette = read(page);
  });
  return () => palette;
}

function read(page: Window): Palette {
  const style = page.getComputedStyle(page.document.documentElement);
  const value = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = Object.fromEntries(NAMES.map((name) => [name, value(name)])) as Record<
    (typeof NAMES)[number],
    string
  >;
  return { ...colours, hull: (look) => `hsl(${hueOf(look)} ${value("hull")})` };
}
