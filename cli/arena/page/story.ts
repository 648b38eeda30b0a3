/** The seat's story in words: what is asked for, where the player sits and why, how far the edge is. */
import type { Distances, TicketState } from "@frontrow/client";
import { list, type PaneElements, say } from "./elements.ts";
import type { SeenShip } from "./mirror.ts";
import { hueOf } from "./palette.ts";
import type { Seated } from "./seating.ts";

const SCORES_SHOWN = 5;

export function tellSearch(el: PaneElements, { state, metro, why }: TicketState): void {
  const where = metro ? ` in ${metro}` : "";
  say(
    el.progress,
    {
      searching: "Searching…",
      waiting: `Waiting for others${where}…`,
      asked: "A match was found…",
      placing: `Placing${where}…`,
      joining: `Taking the seat${where}…`,
    }[state],
  );
  if (metro) say(el.metro, metro);
  // Why it waits is said beside the wait.
  if (why.length > 0 && state !== "waiting") list(el.why, why);
}

export function tellSeat(el: PaneElements, { metro, roomId, why, code }: Seated): void {
  say(el.metro, metro);
  say(el.room, roomId);
  list(el.why, why.length > 0 ? why : ["The edge gave no reasons."]);
  el.invite.hidden = code === undefined;
  say(el.inviteCode, code ?? "");
}

const UNMEASURED = "–";

/** The edge measures whoever asks it for a place; who comes back after a reload asks the game server alone. */
export function tellMeasuring(el: PaneElements): void {
  if (el.edge.textContent === UNMEASURED) say(el.edge, "measuring…");
}

export function tellDistances(el: PaneElements, { edge, metros }: Distances): void {
  const { minMs, jitterMs, loss, samples, verified } = edge;
  say(el.edge, verified ? `${milliseconds(minMs)} verified` : "measuring…");
  const onward = metros.map(({ metro, rttMs }) => `${metro} ${milliseconds(rttMs)} further`).join(", ");
  const lost = `${Math.round(loss * 100)} % lost`;
  el.edge.title = `${samples} probes, jitter ${milliseconds(jitterMs)}, ${lost}${onward ? `; ${onward}` : ""}`;
}

/** Who is in the room, as text, and as the data attributes that browser tests read. */
export function tellRoom(el: PaneElements, seated: Seated | undefined, ships: readonly SeenShip[]): void {
  const bots = ships.filter(({ ship }) => ship.bot).length;
  const people = ships.length - bots;
  if (seated) say(el.players, bots > 0 ? `${people} + ${counted(bots, "bot")}` : `${people}`);
  say(el.bots, counted(bots, "bot"));
  const best = [...ships].sort((a, b) => b.ship.score - a.ship.score).slice(0, SCORES_SHOWN);
  list(
    el.scores,
    best.map(({ ship }) => `${ship.score} ${ship.name}`),
  );
  best.forEach(({ ship, mine }, row) => {
    const item = el.scores.children[row] as HTMLElement;
    item.style.setProperty("--hue", `${hueOf(ship.look)}`);
    item.classList.toggle("mine", mine);
  });
  const place = ({ x, y }: SeenShip) => `${Math.round(x)},${Math.round(y)}`;
  const me = ships.find(({ mine }) => mine);
  Object.assign(el.root.dataset, {
    session: seated?.room.sessionId ?? "",
    room: seated?.roomId ?? "",
    code: seated?.code ?? "",
    players: `${people}`,
    bots: `${bots}`,
    x: me ? `${Math.round(me.x)}` : "",
    y: me ? `${Math.round(me.y)}` : "",
    others: ships.flatMap((ship) => (ship.mine ? [] : [`${ship.id}:${place(ship)}`])).join(" "),
  });
}

export function tellNoSeat(el: PaneElements): void {
  for (const element of [el.metro, el.room, el.players]) say(element, "–");
  list(el.why, ["Nobody sits here yet."]);
  el.invite.hidden = true;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
const milliseconds = (ms: number) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
