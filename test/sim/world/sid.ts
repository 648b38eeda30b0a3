/** Session ids of this world name their player, so that every replica knows every session. */
export const sidOf = (edge: string, player: string) => `${edge}:${player}`;
export const playerOf = (sid: string) => sid.slice(sid.indexOf(":") + 1);
