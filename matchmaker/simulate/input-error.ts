/** An input that cannot be used. The message is for who typed the command: what is wrong, and what to do. */
export class InputError extends Error {
  override readonly name = "InputError";
}
