import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignRoles, createRoleFit } from "./roles.ts";

const NAMES = ["tank", "healer", "fighter", "scout"];

const rule = fc.array(fc.tuple(fc.nat(2), fc.nat(3)), { minLength: 1, maxLength: 4 }).map((bounds) => ({
  seats: 6,
  roles: bounds.map(([min, more], at) => ({ name: NAMES[at]!, min, max: Math.max(1, min + more) })),
}));
const wishes = fc.array(fc.subarray([...NAMES, "cook"]), { maxLength: 6 });

/** Whether any assignment gives everybody a role within the bounds, `others` making up what the minima lack. */
function isPossible(roles: { name: string; min: number; max: number }[], all: string[][], others: number): boolean {
  const counts = roles.map(() => 0);
  const visit = (player: number): boolean => {
    if (player === all.length) {
      return roles.reduce((sum, { min }, at) => sum + Math.max(0, min - counts[at]!), 0) <= others;
    }
    return roles.some(({ name, max }, at) => {
      if (counts[at] === max || (all[player]!.length > 0 && !all[player]!.includes(name))) return false;
      counts[at]!++;
      const isFound = visit(player + 1);
      counts[at]!--;
      return isFound;
    });
  };
  return visit(0);
}

describe("roles of a team", () => {
  it("[RD6] are found whenever there is a way, on names and on masks alike", () => {
    let possible = 0;
    fc.assert(
      fc.property(rule, wishes, fc.nat(3), (team, all, others) => {
        const isGood = isPossible(team.roles, all, others);
        if (isGood && all.length > 2) possible++;
        const given = assignRoles(team, all, others);
        expect(given !== undefined).toBe(isGood);
        given?.forEach((role, player) => {
          if (all[player]!.length > 0) expect(all[player]).toContain(role);
        });
        for (const { name, max } of team.roles) {
          expect((given ?? []).filter((role) => role === name).length).toBeLessThanOrEqual(max);
        }
        const shape = { seats: 6, roles: team.roles.map(({ min, max }, at) => ({ bit: 1 << at, min, max })) };
        const masks = all.map((wish) =>
          wish.length === 0
            ? -1
            : wish.reduce(
                (mask, name) => mask | (team.roles.some((role) => role.name === name) ? 1 << NAMES.indexOf(name) : 0),
                0,
              ),
        );
        expect(createRoleFit()(shape, Int32Array.from(masks), masks.length, others)).toBe(isGood);
      }),
      { numRuns: 600 },
    );
    expect(possible).toBeGreaterThan(60);
  });
  it("[RD6] go by preference where the bounds leave a choice", () => {
    const team = {
      seats: 2,
      roles: [
        { name: "tank", min: 0, max: 1 },
        { name: "healer", min: 0, max: 2 },
      ],
    };
    expect(
      assignRoles(
        team,
        [
          ["healer", "tank"],
          ["tank", "healer"],
        ],
        0,
      ),
    ).toEqual(["healer", "tank"]);
  });
});
