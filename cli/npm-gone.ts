/**
 * Started through npm (`npx frontrow …`, `npm start`): npm ends at a signal and passes nothing on, so its end is taken for the signal.
 * Without this the process would live on by itself, with its ports.
 */

/** How often its parent is looked at; the hand that ended npm still waits for a prompt. */
const LOOK_MS = 250;

export function whenNpmIsGone(env: NodeJS.ProcessEnv, gone: () => void): void {
  if (env.npm_command === undefined) return;
  const { ppid } = process;
  const looking = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(looking);
    gone();
  }, LOOK_MS);
  looking.unref();
}
