/** What a bench is: a module `<name>.ts` beside this one that exports `name` and `run`. */

/** One figure, beside what a user would pick instead and beside what the machine allows. */
export interface BenchCase {
  readonly name: string;
  readonly metric: string;
  readonly unit: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly peerName: string | null;
  /** The same measurement with nothing of ours to do. */
  readonly limit: number | null;
  /** How many times better than the peer ours is. */
  readonly ratio: number | null;
}

export interface Bench {
  readonly name: string;
  run(): Promise<BenchCase[]>;
}
