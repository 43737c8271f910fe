import { Agent } from 'node:http'
import { eventually } from '../../dev/command/eventually.ts'
import { present } from '../present.ts'
import { randomFrom } from '../random.ts'
import { call, type Heard } from './client.ts'

/** What a client heard, and of which relay; of what came whole the text is not kept. */
export type Reply = Heard & { relay: number; isStreamed: boolean; startedAt: number }

type LoadOptions = {
  /** Where the relays are. */
  urls: string[]
  /** Of the keys that are called with, each as often. */
  secrets: string[]
  model: string
  /** To each relay. */
  connections: number
  seed: number
}

type SteadyLoad = {
  heard: Reply[]
  /** Resolves when so many more of one relay's replies have been of this kind. */
  more(relay: number, count: number, is: (reply: Reply) => boolean): Promise<void>
  /** Lets what is under way end; answers all that was heard. */
  end(): Promise<Reply[]>
}

/** What a client may be told of a call that is not served now. */
export const isRefused = ({ status }: Reply) => status === 503
export const isWhole = ({ isComplete }: Reply) => isComplete

/** Calls relays without a pause and without a second try, half of it streamed, until it is ended. */
export function startLoad({ urls, secrets, model, connections, seed }: LoadOptions): SteadyLoad {
  const random = randomFrom(seed)
  const heard: Reply[] = []
  let isOver = false
  const client = async (relay: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!isOver) {
      const isStreamed = random.chance(0.5)
      const say = `[[repeat:${random.whole(1, 40)}]]`
      const startedAt = Date.now()
      const secret = random.oneOf(secrets)
      const asked = { secret, model, say, isStreamed, agent }
      const reply = await call(present(urls[relay]), asked)
      const text = reply.isComplete ? '' : reply.text
      heard.push({ ...reply, text, relay, isStreamed, startedAt })
    }
    agent.destroy()
  }
  const clients = Promise.all(
    urls.flatMap((_, relay) => Array.from({ length: connections }, () => client(relay))),
  )
  return {
    heard,
    async more(relay, count, is) {
      let seen = heard.length
      let found = 0
      await eventually(`${count} more replies of relay ${relay}`, () => {
        for (const reply of heard.slice(seen)) if (reply.relay === relay && is(reply)) found++
        seen = heard.length
        return found >= count
      })
    },
    async end() {
      isOver = true
      await clients
      return heard
    },
  }
}
