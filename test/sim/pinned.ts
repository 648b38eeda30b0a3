/**
 * Seeds that broke a rule once, and why. Whoever changes the world of the simulation changes what they play: then they are only seeds, and
 * what they found is kept by the tests beside (`holders.test.ts`, `settle.test.ts`, `epochs.test.ts`, `link.test.ts`, `owner.test.ts`).
 */
export const PINNED: readonly { readonly seed: number; readonly story: string }[] = [
  { seed: 22, story: "A ticket whose player's earlier one was in a match was said again every 20 ms." },
  {
    seed: 84,
    story: "The index lost everything under new replicas: its epochs began again, and edges declined every proposal.",
  },
  { seed: 129, story: "Two boots of one server lived at once, by a mistake of the simulation." },
  {
    seed: 194,
    story:
      "The set of a replica that was gone for good was believed for its high epoch: tickets were enlisted with nobody.",
  },
  {
    seed: 198,
    story: "A settlement on a server that was not known was answered ABORTED while the index kept the seats.",
  },
  {
    seed: 357,
    story: "A ticket that was released after its deadline was matched once more before anybody looked at the clock.",
  },
  {
    seed: 922,
    story: "An owner took tickets of a failed match back into a pool that was another's by then, and proposed them.",
  },
  {
    seed: 1_127,
    story: "A failover lost a restarted server's registration: the earlier boot's record made its heartbeats STALE.",
  },
  {
    seed: 1_270,
    story: "A copy of a refused reservation was executed after the answer: no client of the index sends them so.",
  },
];
