/** A pane's elements, cloned from the template in `index.html`, by their `data-ref`. */

const REFS = {
  title: HTMLElement,
  keys: HTMLElement,
  status: HTMLElement,
  remove: HTMLButtonElement,
  canvas: HTMLCanvasElement,
  scores: HTMLOListElement,
  match: HTMLElement,
  ours: HTMLElement,
  theirs: HTMLElement,
  goal: HTMLElement,
  lobby: HTMLFormElement,
  modeHint: HTMLElement,
  name: HTMLInputElement,
  create: HTMLButtonElement,
  code: HTMLInputElement,
  join: HTMLButtonElement,
  progress: HTMLElement,
  wait: HTMLElement,
  pool: HTMLElement,
  usualWait: HTMLElement,
  botsWait: HTMLElement,
  botsIn: HTMLElement,
  waitWhy: HTMLUListElement,
  cancel: HTMLButtonElement,
  askLeft: HTMLElement,
  ready: HTMLButtonElement,
  decline: HTMLButtonElement,
  verdict: HTMLElement,
  verdictWhy: HTMLElement,
  again: HTMLButtonElement,
  change: HTMLButtonElement,
  errorCode: HTMLElement,
  errorText: HTMLElement,
  retry: HTMLButtonElement,
  back: HTMLButtonElement,
  metro: HTMLElement,
  edge: HTMLElement,
  room: HTMLElement,
  players: HTMLElement,
  invite: HTMLElement,
  inviteCode: HTMLOutputElement,
  copy: HTMLButtonElement,
  fewerBots: HTMLButtonElement,
  bots: HTMLOutputElement,
  moreBots: HTMLButtonElement,
  leave: HTMLButtonElement,
  why: HTMLUListElement,
} as const;

export type PaneElements = { readonly [K in keyof typeof REFS]: InstanceType<(typeof REFS)[K]> } & {
  readonly root: HTMLElement;
};

export function createPaneElements(): PaneElements {
  const template = document.getElementById("pane") as HTMLTemplateElement;
  const root = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  const entries = Object.keys(REFS).map((ref) => {
    const element = root.querySelector(`[data-ref="${ref}"]`);
    if (!element) throw new Error(`the pane template has no ${ref}`);
    return [ref, element];
  });
  return { root, ...Object.fromEntries(entries) } as PaneElements;
}

/** Sets a text only when it differs, so that a screen reader is not told the same thing again. */
export function say(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function list(element: HTMLElement, texts: readonly string[]): void {
  if (element.dataset.said === JSON.stringify(texts)) return;
  element.dataset.said = JSON.stringify(texts);
  element.replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}
