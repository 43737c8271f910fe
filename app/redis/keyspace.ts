/**
 * Every name we use in Redis (behind the name of the installation), and what losing it means.
 * Nothing here decides about money or about the validity of a key; all of it may vanish at any
 * time.
 */
export const keyspace = {
  /**
   * Channel: the id of a key that was just revoked. Lost: streams of that key end at the next look
   * into the database instead (limits.watch.revokedEveryMs).
   */
  revokedChannel: 'revoked',
  /**
   * Channel: the id of an account that may have more money now, or pay less; or `all`. Lost: calls
   * that were refused for money are refused so for some seconds more (limits.ledger.refusals).
   */
  moneyChannel: 'money',
  /** Channel: the catalogue changed. Lost: the next periodic read finds it. */
  catalogChannel: 'catalog',
  /**
   * Channel: upstreams changed, or one is opened or closed by hand (`UpstreamNews`). Lost: changes
   * are found at the next look into the database, and what is opened by hand in `upstreamsHeld`.
   */
  upstreamsChannel: 'upstreams',
  /**
   * Channel of one connection: what it says to itself. Lost: it connects anew, since other news may
   * be lost as well.
   */
  echoChannel: (connectionId: string) => `echo:${connectionId}`,
  /**
   * A set: what is opened by hand, until it is closed by hand. Lost: calls go there again, and it
   * has to be done again; for good an upstream is switched off in the database.
   */
  upstreamsHeld: 'upstreams-held',
  /** By kind and by whom: how often they have tried in vain. Lost: it begins at none again. */
  guesses: (kind: string) => `guesses:${kind}`,
  /** By relay: the breakers that are not closed, for 15 s. Lost: said again 5 s later. */
  upstreamStates: (relayId: string) => `upstream-states:${relayId}`,

  /** Channel: limits on calls changed, or the group of an account. Lost: the next periodic look finds it. */
  limitsChannel: 'limits',
  /**
   * Since when Redis has known what follows without a break, for good. Lost: relays tell it what
   * they remember, and each keeps to its part of what may be at once for a moment.
   */
  rates: 'rates',
  /** What was taken of a limit on requests and tokens, for two minutes beyond that. Lost: as above. */
  rate: (bucket: string) => `rate:${bucket}`,
  /** A set: the calls under way that a limit counts, each for a minute. Lost: as above. */
  leases: (bucket: string) => `leases:${bucket}`,
} as const

/** The whole name of a key. In a Cluster all keys of an installation are in one slot, for MGET. */
export const nameIn = (namespace: string, key: string, isCluster: boolean) =>
  isCluster ? `{${namespace}}:${key}` : `${namespace}:${key}`
