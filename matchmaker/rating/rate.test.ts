/** Parity with what others computed: openskill.py 6.2.0's test data for its Plackett-Luce model, and the paper's own formulas. */
import { expect, it } from "vitest";
import { rate } from "./rate.ts";
import type { Skill } from "./rating-store.ts";
import { pointsOf, START_SKILL } from "./skill.ts";

/** The player of openskill.py's tests/models/data/plackettluce.json. */
const r: Skill = { mu: 20.35125162611535, sigma: 8.33148112355601 };
const s = (mu: number, sigma: number): Skill => ({ mu, sigma });

function expectSkills(found: Skill[][], published: Skill[][]) {
  expect(found.map((team) => team.length)).toEqual(published.map((team) => team.length));
  found.flat().forEach(({ mu, sigma }, at) => {
    expect(mu).toBeCloseTo(published.flat()[at]!.mu, 10);
    expect(sigma).toBeCloseTo(published.flat()[at]!.sigma, 10);
  });
}

it("[RA1] a new player has exactly 1,500 points, and a standard deviation of the prior is 350", () => {
  expect(pointsOf(START_SKILL)).toBe(1_500);
  expect(pointsOf({ mu: 25 + 25 / 3, sigma: 1 })).toBeCloseTo(1_850, 9);
  expect(pointsOf({ mu: 25 - 25 / 3, sigma: 1 })).toBeCloseTo(1_150, 9);
});

it("[RA2] the skills of unequal teams are openskill.py's (case `normal`)", () => {
  const two = s(16.84738016953782, 8.179571171464575);
  expectSkills(rate([[r], [r, r]], [1, 2]), [[s(23.855123082692877, 8.22447878583752)], [two, two]]);
});

it("[RA2] the skills of four teams in any order are openskill.py's (case `ranks`)", () => {
  const second = s(22.373451456616035, 8.258479912445537);
  const fourth = s(18.364835831043397, 8.112716571808326);
  expectSkills(rate([[r], [r, r], [r], [r, r]], [2, 1, 4, 3]), [
    [s(22.35555943890167, 8.265434830225024)],
    [second, second],
    [s(18.311159777900297, 8.219170401234347)],
    [fourth, fourth],
  ]);
});

it("[RA2] the skills after a draw are openskill.py's (case `ties`)", () => {
  const second = s(19.53956360838512, 8.268148437657915);
  const third = s(19.87652320008089, 8.237522411103104);
  expectSkills(rate([[r], [r, r], [r, r, r]], [1, 2, 1]), [
    [s(21.63766806988004, 8.310709773172306)],
    [second, second],
    [third, third, third],
  ]);
});

it("[RA2] a doubles match and a free-for-all of known players are openskill.py's (test_plackett_luce.py)", () => {
  const [ada, bob, eve] = [s(29.182, 4.782), s(27.174, 4.922), s(16.672, 6.217)];
  expectSkills(
    rate(
      [
        [ada, bob],
        [eve, START_SKILL],
      ],
      [1, 2],
    ),
    [
      [s(29.607340941337068, 4.755311788972862), s(27.624602782532037, 4.892807828777459)],
      [s(15.953170429143093, 6.125902065139878), s(23.70858117648013, 8.111707446126035)],
    ],
  );
  expectSkills(rate([[ada], [bob], [eve], [START_SKILL]], [1, 2, 3, 4]), [
    [s(30.210227447000438, 4.765617924939384)],
    [s(27.644725221915632, 4.883479590134575)],
    [s(17.4036218889969, 6.101259408259549)],
    [s(19.21460876538932, 7.854669920480409)],
  ]);
});

/** Weng and Lin 2011, algorithm 4 (Plackett-Luce), equations 70 to 74, with tau added to sigma beforehand; for one player a team. */
function byThePaper(players: readonly Skill[], ranks: readonly number[]): Skill[] {
  const beta2 = (25 / 6) ** 2;
  const before = players.map(({ mu, sigma }) => ({ mu, s2: sigma ** 2 + (25 / 300) ** 2 }));
  const c = Math.sqrt(before.reduce((sum, { s2 }) => sum + s2 + beta2, 0));
  const e = before.map(({ mu }) => Math.exp(mu / c));
  const behind = ranks.map((rank) => e.reduce((sum, each, at) => sum + (ranks[at]! >= rank ? each : 0), 0));
  const tied = ranks.map((rank) => ranks.filter((other) => other === rank).length);
  return before.map(({ mu, s2 }, i) => {
    let omega = 0;
    let delta = 0;
    ranks.forEach((rank, q) => {
      if (rank > ranks[i]!) return;
      const share = e[i]! / behind[q]!;
      omega += ((i === q ? 1 : 0) - share) / tied[q]!;
      delta += (share * (1 - share)) / tied[q]!;
    });
    const gamma = Math.sqrt(s2) / c;
    const shrink = Math.max(1 - ((delta * s2) / c ** 2) * gamma, 0.0001);
    return { mu: mu + (omega * s2) / c, sigma: Math.sqrt(s2 * shrink) };
  });
}

it("[RA2] a free-for-all with draws agrees with the paper's formulas, written down again", () => {
  const players = [s(31, 2.5), s(25, 25 / 3), s(18.2, 4.1), s(27.7, 1.2), s(22, 6)];
  for (const ranks of [
    [1, 2, 3, 4, 5],
    [3, 1, 3, 2, 2],
    [1, 1, 1, 1, 1],
  ]) {
    const found = rate(
      players.map((player) => [player]),
      ranks,
    );
    const paper = byThePaper(players, ranks);
    expectSkills(
      found,
      paper.map((skill) => [skill]),
    );
  }
});

it("[RA4] fewer than two teams have nobody to be compared with", () => {
  expect(rate([[r, r]], [1])).toEqual([[r, r]]);
  expect(rate([], [])).toEqual([]);
});
