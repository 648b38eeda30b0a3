/** The arena's page: panes side by side, one loop for all of them. */
import { createKeyboard, SCHEMES } from "./keys.ts";
import { readOfferedModes } from "./offered-modes.ts";
import { createPalette } from "./palette.ts";
import { createPane, type Pane } from "./pane.ts";
import type { Wish } from "./seating.ts";

const NAMES = ["Ada", "Grace", "Edsger", "Alan"];
const FIRST: Wish = { by: "play", mode: "arena" };
/** How often texts and data attributes follow the game. */
const TELL_MS = 250;

function createPanes(grid: HTMLElement, add: HTMLButtonElement) {
  const keyboard = createKeyboard(window);
  const palette = createPalette(window);
  const offered = readOfferedModes(document);
  const places: (Pane | undefined)[] = SCHEMES.map(() => undefined);
  const opened = () => places.filter((pane) => pane !== undefined);

  const count = () => {
    grid.dataset.count = `${opened().length}`;
    add.disabled = opened().length === places.length;
  };

  function open(wish: Wish): void {
    const place = places.indexOf(undefined);
    const pane = createPane({
      origin: location.origin,
      place,
      name: NAMES[place]!,
      scheme: SCHEMES[place]!,
      keyboard,
      palette,
      offered,
      remove() {
        places[place] = undefined;
        pane.close();
        count();
      },
    });
    places[place] = pane;
    // In the order of their keys, whichever was closed before.
    const next = places.slice(place + 1).find((other) => other);
    grid.insertBefore(pane.root, next?.root ?? null);
    count();
    pane.open(wish);
  }
  return { open, opened };
}

function start(): void {
  const add = document.getElementById("add") as HTMLButtonElement;
  const panes = createPanes(document.getElementById("panes")!, add);
  add.addEventListener("click", () => panes.open(FIRST));

  // A friend's link ends in the code of a private room; a phone has place, and thumbs, for one.
  const code = decodeURIComponent(location.hash.slice(1));
  const isSmall = matchMedia("(max-width: 700px), (pointer: coarse)").matches;
  panes.open(code ? { by: "code", code } : FIRST);
  if (!code && !isSmall) panes.open(FIRST);

  let toldMs = 0;
  const frame = (nowMs: number) => {
    const isTimeToTell = nowMs - toldMs >= TELL_MS;
    if (isTimeToTell) toldMs = nowMs;
    for (const pane of panes.opened()) {
      pane.frame(nowMs);
      if (isTimeToTell) pane.tell(nowMs);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

start();
