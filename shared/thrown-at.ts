/**
 * An exception of a studio's own files, for the one line that a developer reads: what it says, and where. Node writes the place
 * of a syntax error above the message, that of everything else into the first line of the stack that is not Node's.
 */
export function thrownAt(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, stack = "" } = error;
  const place = [...stack.matchAll(/(?:file:\/\/)?(\/[^\s():]+:\d+)(?::\d+)?/g)]
    .map((match) => match[1]!)
    .find((found) => !found.includes("/node_modules/") && !message.includes(found));
  return place && !IMPORT_FAILED.test(message) ? `${message} (${place})` : message;
}

/** These name their files themselves, and their stacks are Node's. */
const IMPORT_FAILED = /^Cannot find (module|package)/;
