import type { Redis } from 'ioredis'

/**
 * Has a connection that is there end and come back, by whatever way it finds its server; once,
 * however many ask for it until it is closed.
 */
export function leaving(connection: Redis): () => void {
  let isLeaving = false
  connection.on('close', () => (isLeaving = false))
  return () => {
    if (isLeaving || connection.status !== 'ready') return
    isLeaving = true
    connection.disconnect(true)
  }
}
