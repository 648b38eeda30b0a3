/** Whether a game server's deadline for leaving fits into what its platform gives it. */

/** What ending takes after the deadline, at most: rooms, results and the lobby index have their own bounds within it; ms. */
export const CLOSING_MS = 10_000;
/** `terminationGracePeriodSeconds` where nothing is said. */
const KUBERNETES_GRACE_MS = 30_000;

export function drainProblems(
  { drainMs, graceMs }: { drainMs?: number | undefined; graceMs?: number | undefined },
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (drainMs === undefined) return [];
  const isAssumed = graceMs === undefined && Boolean(env.KUBERNETES_SERVICE_HOST);
  const givenMs = isAssumed ? KUBERNETES_GRACE_MS : graceMs;
  if (givenMs === undefined || drainMs + CLOSING_MS <= givenMs) return [];
  const grace = isAssumed ? `the ${givenMs} that Kubernetes gives unless told` : `FRONTROW_GRACE_MS (${givenMs})`;
  return [
    `FRONTROW_DRAIN_MS (${drainMs}) and the ${CLOSING_MS} that ending takes do not fit into ${grace}: matches would be killed with ` +
      "their players; give the process more time (terminationGracePeriodSeconds) and say so in FRONTROW_GRACE_MS, or drain for less",
  ];
}
