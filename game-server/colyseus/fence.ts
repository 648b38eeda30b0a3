/**
 * What room code throws must not reach another room, nor end the process. Colyseus catches what `onJoin` and its like throw;
 * open are the handlers of messages and clock timers: those that throw (a clock timer that throws would also stop the room's
 * step behind it) and those whose promise rejects with nobody waiting for it. Each exception is reported once.
 */
import type { Room } from "@colyseus/core";
import type { ReportFault } from "../room-faults.ts";

type Callback = (...args: unknown[]) => unknown;

export function fenceCallbacks(room: Room, reportFault: ReportFault): void {
  const report = (where: string) => (error: unknown) => reportFault(where, room.roomId, error);

  /** What it throws or rejects with is reported; whoever calls or awaits it still sees it. */
  const watching =
    (callback: Callback, where: string): Callback =>
    (...args) => {
      try {
        const result = callback(...args);
        if (result instanceof Promise) result.catch(report(where));
        return result;
      } catch (error) {
        report(where)(error);
        throw error;
      }
    };
  const fenced = (callback: Callback, where: string): Callback => {
    const watched = watching(callback, where);
    return (...args) => {
      try {
        return watched(...args);
      } catch {
        return undefined;
      }
    };
  };
  /** The last function among `args` is the callback. */
  const withCallback = (args: unknown[], wrap: (callback: Callback) => Callback) => {
    const at = args.findLastIndex((argument) => typeof argument === "function");
    return args.map((argument, index) => (index === at ? wrap(argument as Callback) : argument));
  };

  const replace = (owner: object, member: string, wrap: (callback: Callback) => Callback) => {
    const original = (owner as Record<string, Callback>)[member]!;
    const value = (...args: unknown[]) => original.apply(owner, withCallback(args, wrap));
    Object.defineProperty(owner, member, { value, configurable: true, writable: true, enumerable: false });
  };
  replace(room, "onMessage", (callback) => watching(callback, "message handler"));
  replace(room, "onMessageBytes", (callback) => watching(callback, "message handler"));
  replace(room, "setTimestep", (callback) => watching(callback, "step"));
  replace(room, "setFixedTimestep", (callback) => watching(callback, "step"));
  replace(room.clock, "setTimeout", (callback) => fenced(callback, "clock timer"));
  replace(room.clock, "setInterval", (callback) => fenced(callback, "clock timer"));
}
