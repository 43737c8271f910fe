/**
 * The driver would wait for ever by default (measured: 25 s and counting on a dead server). Its own
 * words at a connection are left out: what it asks before it is ready, a user with few rights may
 * not, and while it waits for the answers a connection that closed counts as ready.
 */
export const serverOptions = {
  connectTimeout: 1_000,
  commandTimeout: 500,
  /** Whoever does not answer does not say goodbye either. */
  disconnectTimeout: 200,
  maxRetriesPerRequest: 0,
  enableReadyCheck: false,
  disableClientInfo: true,
  keepAlive: 10_000,
}

/** Of a connection that comes back by itself. */
export const connectionOptions = {
  ...serverOptions,
  enableOfflineQueue: false,
  retryStrategy: (times: number) => Math.min(times * 100, 2_000),
}
