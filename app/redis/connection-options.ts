/**
 * The driver would wait for ever by default (measured: 25 s and counting on a dead server). Its own
 * words at a connection are left out: what it asks before it is ready, a user with few rights may
 * not, and while it waits for the answers a connection that closed counts as ready.
 */
export const connectionOptions = {
  connectTimeout: 1_000,
  commandTimeout: 500,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  enableReadyCheck: false,
  disableClientInfo: true,
  retryStrategy: (times: number) => Math.min(times * 100, 2_000),
  keepAlive: 10_000,
}
