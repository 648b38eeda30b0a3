/** One player on the page: a pane with its own Frontrow client, its keys, its canvas and the story of its seat. */
import type { TicketState } from "@frontrow/client";
import { clamp } from "../room/geometry.ts";
import { BOTS_MAX } from "../room/rules.ts";
import { wireButtons } from "./buttons.ts";
import { createPaneElements, say } from "./elements.ts";
import type { Keyboard, Scheme } from "./keys.ts";
import { createMatchStory } from "./match-story.ts";
import { createMirror, type Mirror } from "./mirror.ts";
import { hintOf, isMatch, type ModeName, type OfferedModes } from "./offered-modes.ts";
import { hueOf, type Palette } from "./palette.ts";
import { offerRetry } from "./retry.ts";
import { createSeating, type Seated, type Wish } from "./seating.ts";
import { tellDistances, tellMeasuring, tellNoSeat, tellRoom, tellSearch, tellSeat } from "./story.ts";
import { createView } from "./view.ts";
import { createWaiting } from "./waiting.ts";

export interface PaneOptions {
  readonly origin: string;
  /** From 0, the same after a reload. */
  readonly place: number;
  readonly name: string;
  readonly scheme: Scheme;
  readonly keyboard: Keyboard;
  readonly palette: () => Palette;
  readonly offered: OfferedModes;
  readonly remove: () => void;
}

export interface Pane {
  readonly root: HTMLElement;
  /** The seat that it had before a reload, or else what is wished for. */
  open(wish: Wish): void;
  frame(nowMs: number): void;
  /** What changes a few times a second: texts, and the data attributes that browser tests read. */
  tell(nowMs: number): void;
  close(): void;
}

type State = "idle" | TicketState["state"] | "playing" | "reconnecting" | "over" | "failed";
const STATUS: Partial<Record<State, string>> = { idle: "not playing", asked: "match found", over: "match over" };

export function createPane({ origin, place, name, scheme, keyboard, palette, offered, remove }: PaneOptions): Pane {
  const el = createPaneElements();
  const view = createView({ canvas: el.canvas, keyboard, scheme, palette });
  const match = createMatchStory(el);
  const waiting = createWaiting(el, offered);
  let current: { seated: Seated; mirror: Mirror } | undefined;
  let wish: Wish = { by: "play", mode: "arena" };

  /** None once the player sits nowhere, though the last may still be drawn. */
  const ships = () => (current ? view.ships() : []);
  const become = (state: State) => {
    el.root.dataset.state = state;
    say(el.status, STATUS[state] ?? state);
    tellRoom(el, current?.seated, ships());
    match.tell(current?.seated);
  };
  const seating = createSeating(origin, place, {
    searching(ticket) {
      become(ticket.state);
      tellSearch(el, ticket);
      tellMeasuring(el);
      waiting.hear(ticket, performance.now());
    },
    seated(seated) {
      el.root.dataset.mode = seated.mode;
      current = { seated, mirror: createMirror(seated.room) };
      tellSeat(el, seated);
      become("playing");
    },
    dropped: () => become("reconnecting"),
    returned: () => become("playing"),
    ended(why) {
      const result = match.verdict(current?.seated);
      el.root.dataset.result = result ?? "";
      current?.mirror.stop();
      current = undefined;
      if (!result) view.clear();
      tellNoSeat(el);
      if (why && !result) offerRetry(el, why);
      become(result ? "over" : why ? "failed" : "idle");
    },
  });
  seating.onDistances((distances) => tellDistances(el, distances));

  const sit = (wanted: Wish) => {
    wish = wanted;
    view.clear();
    el.root.dataset.result = "";
    waiting.begin(wanted.by === "play" ? wanted.mode : "arena", performance.now());
    say(el.title, el.name.value.trim() || name);
    void seating.sit(wanted, el.name.value.trim());
  };
  const choose = (mode: ModeName) => {
    say(el.modeHint, hintOf(mode, offered));
    el.lobby.classList.toggle("of-match", isMatch(mode));
  };
  /** The button that was pressed is about to vanish: the keys go where the game will be. */
  const focusGame = () => el.canvas.focus({ preventScroll: true });
  wireButtons(el, {
    sit(wanted) {
      sit(wanted);
      focusGame();
    },
    choose,
    answer(yes) {
      waiting.answer(yes);
      focusGame();
    },
    cancel: seating.cancel,
    retry() {
      sit(wish);
      focusGame();
    },
    back() {
      view.clear();
      become("idle");
    },
    leave: seating.leave,
    bots(change) {
      const count = clamp(ships().filter(({ ship }) => ship.bot).length + change, 0, BOTS_MAX);
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
  choose("arena");
  become("idle");

  return {
    root: el.root,
    async open(wanted) {
      if (!(await seating.comeBack())) sit(wanted);
    },
    frame: (nowMs) => view.frame(current?.mirror, nowMs),
    tell(nowMs) {
      tellRoom(el, current?.seated, ships());
      match.tell(current?.seated);
      waiting.tell(nowMs);
      const look = ships().find(({ mine }) => mine)?.ship.look;
      el.root.style.setProperty("--hue", look === undefined ? "" : `${hueOf(look)}`);
    },
    close() {
      seating.close();
      current?.mirror.stop();
      el.root.remove();
    },
  };
}
