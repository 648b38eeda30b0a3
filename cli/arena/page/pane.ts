/** One player on the page: a pane with its own Frontrow client, its keys, its canvas and the story of its seat. */
import type { TicketState } from "@frontrow/client";
import { clamp } from "../room/geometry.ts";
import { BOTS_MAX, WORLD } from "../room/rules.ts";
import { wireButtons } from "./buttons.ts";
import { createCamera } from "./camera.ts";
import { draw } from "./draw.ts";
import { createEffects } from "./effects.ts";
import { createPaneElements, say } from "./elements.ts";
import type { Keyboard, Scheme } from "./keys.ts";
import { createMirror, type Mirror, type SeenShip } from "./mirror.ts";
import { hueOf, type Palette } from "./palette.ts";
import { createPilotSeat } from "./pilot-seat.ts";
import { createPointerInput } from "./pointer.ts";
import { offerRetry } from "./retry.ts";
import { createSeating, type Seated, type Wish } from "./seating.ts";
import { tellDistances, tellNoSeat, tellRoom, tellSearch, tellSeat } from "./story.ts";

export interface PaneOptions {
  readonly origin: string;
  readonly name: string;
  readonly scheme: Scheme;
  readonly keyboard: Keyboard;
  readonly palette: () => Palette;
  readonly remove: () => void;
}

export interface Pane {
  readonly root: HTMLElement;
  sit(wish: Wish): void;
  frame(nowMs: number): void;
  /** What changes a few times a second: texts, and the data attributes that browser tests read. */
  tell(): void;
  close(): void;
}

type State = "idle" | TicketState["state"] | "playing" | "reconnecting" | "failed";

export function createPane({ origin, name, scheme, keyboard, palette, remove }: PaneOptions): Pane {
  const el = createPaneElements();
  const camera = createCamera();
  const effects = createEffects();
  const pointer = createPointerInput(el.canvas);
  const pilot = createPilotSeat(keyboard, scheme, pointer);
  let current: { seated: Seated; mirror: Mirror } | undefined;
  let ships: SeenShip[] = [];
  let wish: Wish = { by: "play" };
  let lastMs = 0;

  const become = (state: State) => {
    el.root.dataset.state = state;
    say(el.status, state === "idle" ? "not playing" : state);
    tellRoom(el, current?.seated, ships);
  };
  const seating = createSeating(origin, {
    searching(ticket) {
      become(ticket.state);
      tellSearch(el, ticket);
    },
    seated(seated) {
      current = { seated, mirror: createMirror(seated.room) };
      tellSeat(el, seated);
      become("playing");
    },
    dropped: () => become("reconnecting"),
    returned: () => become("playing"),
    ended(why) {
      current?.mirror.stop();
      current = undefined;
      ships = [];
      tellNoSeat(el);
      if (why) offerRetry(el, why);
      become(why ? "failed" : "idle");
    },
  });
  seating.onDistances((distances) => tellDistances(el, distances));

  const sit = (wanted: Wish) => {
    wish = wanted;
    say(el.title, el.name.value.trim() || name);
    void seating.sit(wanted, el.name.value.trim());
  };
  wireButtons(el, {
    sit(wanted) {
      sit(wanted);
      // The button is about to vanish: the keys go where the game will be.
      el.canvas.focus({ preventScroll: true });
    },
    cancel: seating.cancel,
    retry: () => sit(wish),
    back: () => become("idle"),
    leave: seating.leave,
    bots(change) {
      const count = clamp(ships.filter(({ ship }) => ship.bot).length + change, 0, BOTS_MAX);
      current?.seated.room.send("bots", { count });
    },
    copyLink: () => void navigator.clipboard?.writeText(`${origin}/#${current?.seated.code ?? ""}`),
    remove,
  });
  const isTouched = matchMedia("(pointer: coarse)").matches;
  const hint = isTouched ? "left thumb moves, right shoots" : scheme.label;
  el.name.value = name;
  say(el.title, name);
  say(el.keys, hint);
  el.canvas.setAttribute("aria-label", `The arena as ${name} sees it. Controls: ${hint}`);
  el.copy.hidden = !navigator.clipboard;
  become("idle");

  return {
    root: el.root,
    sit,
    frame(nowMs) {
      const intent = pilot.intent(ships, camera.toWorld);
      const seen = current?.mirror.frame(nowMs, intent) ?? { ships: [], shots: [] };
      ships = seen.ships;
      const me = ships.find((ship) => ship.mine) ?? { x: WORLD.width / 2, y: WORLD.height / 2 };
      camera.follow(me, el.canvas.clientWidth, el.canvas.clientHeight, nowMs - lastMs);
      lastMs = nowMs;
      const sticks = [pointer.moving(), pointer.aiming()].filter((stick) => stick !== undefined);
      draw(el.canvas, camera, { ...seen, sparks: effects.frame(nowMs, ships, seen.shots), sticks }, palette());
    },
    tell() {
      tellRoom(el, current?.seated, ships);
      const look = ships.find(({ mine }) => mine)?.ship.look;
      el.root.style.setProperty("--hue", look === undefined ? "" : `${hueOf(look)}`);
    },
    close() {
      seating.close();
      current?.mirror.stop();
      el.root.remove();
    },
  };
}
