/**
 * Every rule that a proposal breaks, as a sentence: the rules of `match-mode.ts` and `words.ts` once more, as plainly as they can be
 * said, sharing nothing with the code that makes proposals. For tests and simulations.
 */
import { type MatchMode, widened } from "@frontrow/shared/config/match-mode.ts";
import type { Backfill, MatchProposal, PoolTicket } from "./words.ts";

export function violations(mode: MatchMode, proposal: MatchProposal, nowMs: number, room?: Backfill): string[] {
  const problems: string[] = [];
  const say = (isWrong: boolean, problem: string) => void (isWrong && problems.push(problem));
  const { tickets, teams, metro } = proposal;
  const players = tickets.flatMap((ticket) => ticket.players);
  say(tickets.length === 0, "nobody is in it");
  say(new Set(tickets).size < tickets.length, "a ticket is in it twice");
  say(proposal.roomId !== room?.roomId, "another room");
  say(
    tickets.some((ticket) => ticket.players.length > mode.partyMax),
    "a party is too large",
  );
  for (const ticket of tickets) {
    const sitting = teams.filter((team) => team.some((member) => member.ticket === ticket));
    say(sitting.length !== 1, `${ticket.key} is not in one team`);
    const members = sitting.flat().filter((member) => member.ticket === ticket);
    const numbers = members.map(({ player }) => player).sort((a, b) => a - b);
    say(numbers.join() !== ticket.players.map((_, at) => at).join(), `${ticket.key} is not whole`);
  }
  say(teams.flat().length !== players.length, "somebody sits who is not in it");
  return [
    ...problems,
    ...aboutSeats(mode, proposal, nowMs, room),
    ...aboutWindows(mode, tickets, nowMs, room),
    ...aboutMetro(mode, proposal, nowMs, room),
    ...aboutAvoiding(tickets, room),
    ...aboutQuality(proposal, nowMs, metro, room),
  ];
}

const ageMs = ({ priority }: MatchMode, { sinceMs, attributes }: PoolTicket, nowMs: number) =>
  nowMs - sinceMs + (priority && attributes[priority.attribute] === true ? priority.headStartMs : 0);
const spreadOf = (numbers: readonly number[]) => Math.max(...numbers) - Math.min(...numbers);
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

function aboutSeats(mode: MatchMode, proposal: MatchProposal, nowMs: number, room?: Backfill): string[] {
  const { teams, bots, tickets } = proposal;
  const free = room?.free ?? mode.teams.map(({ seats }) => seats);
  const oldest = Math.max(...tickets.map((ticket) => ageMs(mode, ticket, nowMs)));
  const players = sum(teams.map((team) => team.length));
  const empty = free.map((seats, team) => seats - teams[team]!.length);
  const botCount = sum(bots);
  const problems: string[] = [];
  if (teams.length !== mode.teams.length || bots.length !== mode.teams.length) problems.push("another number of teams");
  if (empty.some((seats) => seats < 0)) problems.push("more players than seats");
  if (room && botCount > 0) problems.push("bots join a running room");
  if (botCount > 0 && (!mode.bots || oldest < mode.bots.afterMs)) problems.push("bots came too early");
  if (botCount > 0 && bots.join() !== empty.join()) problems.push("bots do not take the empty seats");
  if (!room && botCount === 0 && sum(empty) > 0) {
    if (!mode.start || oldest < mode.start.afterMs) problems.push("it starts short too early");
    if (players < (mode.start?.playersMin ?? 0)) problems.push("it starts with too few players");
    if (teams.some((team) => team.length === 0)) problems.push("it starts with an empty team");
    if (spreadOf(empty) > 1) problems.push("it starts with uneven teams");
  }
  mode.teams.forEach(({ roles = [], seats }, index) => {
    const team = teams[index]!;
    const lax = room ? seats : bots[index]!;
    for (const { ticket, player, role } of team) {
      const wishes = ticket.players[player]!.roles;
      if (roles.length === 0 && role !== undefined) problems.push("a role where there are none");
      if (roles.length > 0 && !roles.some(({ name }) => name === role)) problems.push("a role that is not the team's");
      if (roles.length > 0 && wishes.length > 0 && !wishes.includes(role!))
        problems.push("a role that nobody asked for");
    }
    const counts = roles.map(({ name }) => team.filter((member) => member.role === name).length);
    if (roles.some(({ max }, at) => counts[at]! > max)) problems.push("too many players of a role");
    if (sum(roles.map(({ min }, at) => Math.max(0, min - counts[at]!))) > lax)
      problems.push("too few players of a role");
  });
  return problems;
}

function aboutWindows(mode: MatchMode, tickets: readonly PoolTicket[], nowMs: number, room?: Backfill): string[] {
  const problems: string[] = [];
  const ages = [...tickets.map((ticket) => ageMs(mode, ticket, nowMs)), ...(room ? [nowMs - room.sinceMs] : [])];
  const everybody = [...tickets.map(({ attributes }) => attributes), ...(room ? [room.attributes] : [])];
  const ratings = tickets.flatMap(({ players }) => players.map(({ rating }) => rating));
  const spread = spreadOf([...ratings, ...(room ? [room.rating] : [])]);
  if (ages.some((age) => spread > widened(mode.skill, age))) problems.push(`ratings are ${spread} apart`);
  for (const name of mode.same ?? []) {
    if (new Set(everybody.map((attributes) => JSON.stringify(attributes[name]))).size > 1)
      problems.push(`another ${name}`);
  }
  for (const { attribute, steps } of mode.ranges ?? []) {
    const values = everybody.map((attributes) => attributes[attribute]);
    const numbers = values.filter((value) => typeof value === "number");
    if (numbers.length > 0 && numbers.length < values.length) problems.push(`${attribute} is not everybody's`);
    if (numbers.length > 1 && ages.some((age) => spreadOf(numbers) > widened(steps, age))) {
      problems.push(`${attribute} is too far apart`);
    }
  }
  return problems;
}

function aboutMetro(mode: MatchMode, proposal: MatchProposal, nowMs: number, room?: Backfill): string[] {
  const { tickets, metro } = proposal;
  const isAllowed = (name: string) => mode.allowedMetros?.includes(name) ?? true;
  const rttMs = (ticket: PoolTicket, name: string) => {
    const there = ticket.metros.find((each) => each.metro === name)?.rttMs ?? Number.POSITIVE_INFINITY;
    return there <= widened(mode.latency, ageMs(mode, ticket, nowMs)) ? there : Number.POSITIVE_INFINITY;
  };
  const worst = (name: string) => Math.max(...tickets.map((ticket) => rttMs(ticket, name)));
  const problems: string[] = [];
  if (!isAllowed(metro)) problems.push("the metro may not host the mode");
  if (worst(metro) === Number.POSITIVE_INFINITY) problems.push("the metro is beyond somebody's latency limit");
  if (room) return metro === room.metro ? problems : [...problems, "the room is in another metro"];
  const better = tickets[0]!.metros.filter((each) => isAllowed(each.metro) && worst(each.metro) < worst(metro));
  return better.length > 0 ? [...problems, `${better[0]!.metro} is better for the worst placed`] : problems;
}

function aboutAvoiding(tickets: readonly PoolTicket[], room?: Backfill): string[] {
  const avoided = (one: PoolTicket, ids: readonly string[]) => ids.some((id) => one.avoid.includes(id));
  const idsOf = (ticket: PoolTicket) => ticket.players.map(({ playerId }) => playerId);
  const isWrong = tickets.some(
    (one) =>
      avoided(one, room?.playerIds ?? []) || tickets.some((other) => other !== one && avoided(one, idsOf(other))),
  );
  return isWrong ? ["somebody is avoided"] : [];
}

function aboutQuality(proposal: MatchProposal, nowMs: number, metro: string, room?: Backfill): string[] {
  const { quality, tickets, teams } = proposal;
  const ratings = tickets.flatMap(({ players }) => players.map(({ rating }) => rating));
  const rtts = tickets.map((ticket) => ticket.metros.find((each) => each.metro === metro)?.rttMs ?? 0);
  const problems: string[] = [];
  const say = (name: string, told: number, is: number) => {
    if (Math.abs(told - is) > 1e-6) problems.push(`${name} is ${is}, not ${told}`);
  };
  say("spread", quality.spread, spreadOf([...ratings, ...(room ? [room.rating] : [])]));
  say("rttMsMax", quality.rttMsMax, Math.max(...rtts));
  say("rttMsSpread", quality.rttMsSpread, spreadOf(rtts));
  say("waitMs", quality.waitMs, Math.max(...tickets.map(({ sinceMs }) => nowMs - sinceMs)));
  const means = teams.flatMap((team) =>
    team.length > 0 ? [sum(team.map(({ ticket, player }) => ticket.players[player]!.rating)) / team.length] : [],
  );
  if (!room) say("imbalance", quality.imbalance, spreadOf(means));
  return problems;
}
