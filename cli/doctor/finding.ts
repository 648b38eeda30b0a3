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
export const sentenceOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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
