import { Agent } from 'node:http'
import { call } from '../../test/failures/client.ts'
import type { Heard } from '../load.ts'

const clients = 8

/** What stands for a balancer: the ports that calls go to now, each in its turn. */
export class Balancer {
  private readonly ports = new Set<number>()
  private turns = 0

  add(port: number) {
    this.ports.add(port)
  }

  takeOut(port: number) {
    this.ports.delete(port)
  }

  next(): number {
    const ports = [...this.ports]
    const port = ports[this.turns++ % ports.length]
    if (port === undefined) throw new Error('no relay is there to be called')
    return port
  }
}

/**
 * Calls without a pause or a second try, half of them streamed, until `end` is called; answers what
 * was heard.
 */
export function keepCalling(balancer: Balancer, secret: string) {
  const agent = new Agent({ keepAlive: true })
  const heard: Heard[] = []
  let isOver = false
  const client = async () => {
    while (!isOver) {
      const isStreamed = heard.length % 2 === 0
      const startedAt = Date.now()
      const url = `http://127.0.0.1:${balancer.next()}/v1`
      const given = { secret, model: 'gpt-4o-mini', say: `Call ${heard.length}.`, tokensMax: 60 }
      const { at: endedAt, ...answer } = await call(url, { ...given, isStreamed, agent })
      heard.push({ ...answer, isStreamed, way: 'HTTP/1.1', startedAt, endedAt })
    }
  }
  const done = Promise.all(Array.from({ length: clients }, client))
  return {
    heard,
    async end() {
      isOver = true
      await done.finally(() => agent.destroy())
    },
  }
}
