/** Several players at one keyboard: each pane has its own keys, by their place on the keyboard rather than their letter. */

export interface Scheme {
  readonly label: string;
  readonly up: string;
  readonly left: string;
  readonly down: string;
  readonly right: string;
  readonly fire: string;
}

export const SCHEMES: readonly Scheme[] = [
  { label: "W A S D · Space", up: "KeyW", left: "KeyA", down: "KeyS", right: "KeyD", fire: "Space" },
  { label: "Arrows · Enter", up: "ArrowUp", left: "ArrowLeft", down: "ArrowDown", right: "ArrowRight", fire: "Enter" },
  { label: "I J K L · O", up: "KeyI", left: "KeyJ", down: "KeyK", right: "KeyL", fire: "KeyO" },
  {
    label: "Numpad 8 4 5 6 · 0",
    up: "Numpad8",
    left: "Numpad4",
    down: "Numpad5",
    right: "Numpad6",
    fire: "Numpad0",
  },
];

export interface Keyboard {
  read(scheme: Scheme): { x: number; y: number; fire: boolean };
}

/** Listens to the page; keys that a form control or a button would use stay theirs. */
export function createKeyboard(page: Window): Keyboard {
  const ours = new Set(SCHEMES.flatMap(({ label: _label, ...codes }) => Object.values(codes)));
  const held = new Set<string>();

  page.addEventListener("keydown", (event) => {
    const isOurs = ours.has(event.code) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!isOurs || belongsTo(event.target, event.code)) return;
    held.add(event.code);
    event.preventDefault();
  });
  page.addEventListener("keyup", (event) => held.delete(event.code));
  page.addEventListener("blur", () => held.clear());

  const axis = (minus: string, plus: string) => Number(held.has(plus)) - Number(held.has(minus));
  return {
    read: ({ up, left, down, right, fire }) => ({ x: axis(left, right), y: axis(up, down), fire: held.has(fire) }),
  };
}

function belongsTo(target: EventTarget | null, code: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("input, textarea, select")) return true;
  return (code === "Space" || code === "Enter") && target.closest("button, summary, a") !== null;
}
