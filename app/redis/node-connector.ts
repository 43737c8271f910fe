import { createConnection } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { RedisAddress } from '../config/redis-url.ts'
import { serverOptions } from './connection-options.ts'

/**
 * Connects to one of the nodes that there are just then, each time to another than the last where
 * there are others: the last one may not answer, or not be heard of by the rest.
 */
export function nodeConnector(
  known: () => RedisAddress[],
  isTls: boolean,
): NonNullable<RedisOptions['Connector']> {
  let last: RedisAddress | undefined
  const isLast = ({ host, port }: RedisAddress) => host === last?.host && port === last.port
  function next(): RedisAddress {
    const all = known()
    const others = all.filter((address) => !isLast(address))
    const from = others.length > 0 ? others : all
    // There is always one: the address names it.
    return (last = from[Math.floor(Math.random() * from.length)]!)
  }
  return class extends AbstractConnector {
    constructor() {
      super(serverOptions.disconnectTimeout)
    }

    override connect() {
      this.connecting = true
      const address = next()
      const stream = isTls ? connectTls(address) : createConnection(address)
      // The driver hears of it only from the next turn on.
      stream.once('error', (error) => (this.firstError = error))
      this.stream = stream
      return Promise.resolve(stream)
    }
  }
}
