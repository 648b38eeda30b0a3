/** A pane's buttons and fields, as the few things that they ask for. */
import type { PaneElements } from "./elements.ts";
import type { ModeName } from "./offered-modes.ts";
import type { Wish } from "./seating.ts";

export interface Asked {
  sit(wish: Wish): void;
  choose(mode: ModeName): void;
  /** To the ready check. */
  answer(yes: boolean): void;
  cancel(): void;
  retry(): void;
  back(): void;
  leave(): void;
  /** One bot more or fewer. */
  bots(change: 1 | -1): void;
  copyLink(): void;
  remove(): void;
}

export function wireButtons(el: PaneElements, asked: Asked): void {
  const byCode = () => {
    const code = el.code.value.trim();
    if (code) asked.sit({ by: "code", code });
    else el.code.focus();
  };
  el.lobby.addEventListener("submit", (event) => {
    event.preventDefault();
    asked.sit({ by: "play", mode: chosenMode(el) });
  });
  el.lobby.addEventListener("change", () => asked.choose(chosenMode(el)));
  // Enter in the field means the button beside it, not the form's.
  el.code.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    byCode();
  });
  const clicks: [HTMLButtonElement, () => void][] = [
    [el.create, () => asked.sit({ by: "create" })],
    [el.join, byCode],
    [el.cancel, asked.cancel],
    [el.ready, () => asked.answer(true)],
    [el.decline, () => asked.answer(false)],
    [el.again, asked.retry],
    [el.change, asked.back],
    [el.retry, asked.retry],
    [el.back, asked.back],
    [el.leave, asked.leave],
    [el.fewerBots, () => asked.bots(-1)],
    [el.moreBots, () => asked.bots(1)],
    [el.copy, asked.copyLink],
    [el.remove, asked.remove],
  ];
  for (const [button, click] of clicks) button.addEventListener("click", click);
}

const chosenMode = ({ lobby }: PaneElements) => new FormData(lobby).get("mode") as ModeName;
