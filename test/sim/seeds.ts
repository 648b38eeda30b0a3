/** Seeds of a test run: 1 to this. */
export const DEFAULT_SEEDS = 200;
