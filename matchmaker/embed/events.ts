/** Typed events: a listener that throws is told about and harms nobody else. */
export interface Emitter<Events extends object> {
  /** Returns what takes the listener off again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
  has(name: keyof Events): boolean;
}

export function createEmitter<Events extends object>(threw: (error: unknown) => void): Emitter<Events> {
  type Listener = (event: never) => void;
  const listeners = new Map<keyof Events, Set<Listener>>();
  return {
    on(name, listener) {
      // Of its own, so that the same function put on twice is taken off once.
      const own: Listener = (event) => listener(event);
      const of = listeners.get(name) ?? new Set();
      listeners.set(name, of.add(own));
      return () => void of.delete(own);
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        try {
          listener(event as never);
        } catch (error) {
          threw(error);
        }
      }
    },
    has: (name) => (listeners.get(name)?.size ?? 0) > 0,
  };
}
