import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pulseLimits, type PulseLimits } from '../../app/start/pulse.ts'
import { runCommand } from '../../dev/command/announce.ts'
import { ensurePrograms, mariadbPrograms } from '../../dev/servers/packages.ts'
import { startRedis } from '../../dev/servers/redis.ts'
import { whenNothingIsHeld } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { call } from '../../test/failures/client.ts'
import { Opened } from '../../test/failures/opened.ts'
import { openSite, startOwnMariadb, temporaryFolder, type Site } from '../../test/failures/site.ts'
import { randomFrom } from '../../test/random.ts'
import { writeProof } from '../proof.ts'
import { judge, type Made } from './judge.ts'
import { stopAtRandom } from './rounds.ts'

const clients = 8
const model = 'whole-both'
const say = (line: string) => console.log(line)

/** The product's own limits, so many times as quick. */
function quicker(scale: number): PulseLimits {
  const ms = (it: number) => Math.ceil(it / scale)
  const { heartbeatEveryMs, sweepEveryMs, stillMsLeast, ...seconds } = pulseLimits
  return {
    heartbeatEveryMs: ms(heartbeatEveryMs),
    sweepEveryMs: ms(sweepEveryMs),
    stillMsLeast: ms(stillMsLeast),
    heartbeatSecondsMax: ms(seconds.heartbeatSecondsMax),
    breakSeconds: ms(seconds.breakSeconds),
    steadySeconds: ms(seconds.steadySeconds),
  }
}

async function openOwnSite(opened: Opened): Promise<Site> {
  const { url } = await startOwnMariadb(opened)
  const redis = await startRedis({ dir: join(temporaryFolder(opened), 'redis') })
  opened.closeWith(() => redis.stop())
  return openSite(opened, { databaseUrl: url, redisUrl: redis.url })
}

/** Stops two relays at random under load, and judges what has become of their calls. */
async function sleepAtRandom(site: Site, rounds: number, scale: number) {
  const limits = quicker(scale)
  const relays = [
    await site.startRelay({ pulse: limits }),
    await site.startRelay({ pulse: limits }),
  ]
  const by = { ...(await newCustomer(site.books.pool, { balanceNanos: 1_000e9 })), model }
  const made: Made[] = []
  let isOver = false
  const client = async (n: number) => {
    const random = randomFrom(n)
    for (const relay = n % relays.length; !isOver;) {
      const pauseMs = random.whole(1, 500 * limits.steadySeconds)
      const asked = { say: `[[repeat:20]] [[pause:${pauseMs}]]`, isStreamed: random.chance(0.7) }
      const from = Date.now()
      const { url } = relays[relay]!
      made.push({ ...(await call(url, { ...by, ...asked })), relay, from })
    }
  }
  const all = Promise.all(Array.from({ length: clients }, (_, n) => client(n)))
  const stops = await stopAtRandom(relays, { rounds, limits, random: randomFrom(rounds) })
  isOver = true
  await all
  await whenNothingIsHeld(site.books.sql)
  return judge(site, { made, stops, limits, scale })
}

async function prove(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '100' },
      scale: { type: 'string', default: '10' },
    },
  })
  const rounds = Number(values.rounds)
  await ensurePrograms([...mariadbPrograms, 'redis-server'], say)
  const opened = new Opened()
  try {
    const section = await sleepAtRandom(await openOwnSite(opened), rounds, Number(values.scale))
    say(section.lines.join('\n'))
    writeProof(section)
    return section.isRight ? 0 : 1
  } finally {
    await opened.close()
  }
}

await runCommand(prove)
