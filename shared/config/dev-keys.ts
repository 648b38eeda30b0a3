/**
 * Keys that everybody knows, so that processes started by hand on one machine trust one another without configuration.
 * They protect nothing: production refuses to start with any of them (`production-rules.ts`), and `frontrow keys` makes
 * real ones.
 */
export const devKeys = {
  /** Ed25519: opens links between edges and matchmakers. */
  link: {
    privateText: "bFMwoslpArK8NQvgiAlchV3clXpBdL_v1PGtvK4FBAo.8k3MfUh7472bdrNu00TWRS6HmpqWcN0n95PNw1eUiro",
    publicKey: "8k3MfUh7472bdrNu00TWRS6HmpqWcN0n95PNw1eUiro",
  },
  /** Ed25519: signs the registrations of game servers. */
  fleet: {
    privateText: "H2MSpd3yigpJrbxom0AbRb5CNfg3T-Js4M2_j7M1Rkc.3A20QSKUvSzlu8hCeFrbB9u6oQIlxOcU1gb47bE09bA",
    publicKey: "3A20QSKUvSzlu8hCeFrbB9u6oQIlxOcU1gb47bE09bA",
  },
  /** X25519: the metro's half of every seat key. */
  issuer: {
    privateText: "eH54hYsFd2HUqfGHAeTA9KS_lnxvKN4aNwY1vPGzylo.9_jm-7BtWPcDzG0sbxZpdnbxlPGl8iOBqyEkaymgXH4",
    publicKey: "9_jm-7BtWPcDzG0sbxZpdnbxlPGl8iOBqyEkaymgXH4",
  },
  /** Of the API for servers: the key itself, and the hash that the matchmaker keeps. */
  api: {
    privateText: "dev.pS8-dDSyPbQzrD-i4i91Oj0i5eDZMbKjHABFuGAfvpc",
    publicKey: "Ewt4CUZ5Oxctn3M3F3KNIYirR1IJdtPdMu5CyHtIjnY",
  },
} as const;

/** Whether `text` holds a development key, alone or in a list. */
export function holdsDevKey(text: string): boolean {
  return Object.values(devKeys).some((pair) => text.includes(pair.publicKey) || text.includes(pair.privateText));
}
