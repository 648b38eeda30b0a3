/** What a k6 player says, as JSON text; a test holds it to the protocol's schemas, which k6 itself cannot load. */
export const helloMessage = (jwt: string | undefined) => JSON.stringify({ t: "hello", v: 1, ...(jwt ? { jwt } : {}) });
export const playMessage = (mode: string) => JSON.stringify({ t: "play", id: "k6", mode });
export const cancelMessage = () => JSON.stringify({ t: "cancel", id: "k6" });
