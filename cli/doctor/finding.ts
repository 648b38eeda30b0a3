/** What one check found: how bad it is, about what, in a sentence, and what to do about it. */
export interface Finding {
  readonly level: "ok" | "warn" | "fail";
  readonly subject: string;
  readonly says: string;
  readonly remedy?: string;
}

export const ok = (subject: string, says: string): Finding => ({ level: "ok", subject, says });
export const warn = (subject: string, says: string, remedy: string): Finding => ({
  level: "warn",
  subject,
  says,
  remedy,
});
export const fail = (subject: string, says: string, remedy: string): Finding => ({
  level: "fail",
  subject,
  says,
  remedy,
});

/** Any rejection as its sentence. */
/** With its cause: `fetch failed` alone says nothing. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

/** `promise`, or a rejection after `ms`. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
