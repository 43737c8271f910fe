import { present } from '../../test/present.ts'
import { newCallId } from '../../app/values/call-id.ts'
import { limits } from '../../app/config/limits.ts'
import { createLedger } from '../../app/ledger/ledger.server.ts'
import { seedCallers } from '../callers.ts'
import { bound, count, goal, median, percent, spread, table } from '../figures.ts'
import type { Ground } from '../ground.ts'
import { withCpu } from '../cpu.ts'
import { buyersOf, pairsPerSecond } from '../pairs.ts'

const seconds = 2
const rounds = 3
/** What an application's pool of connections usually has. */
const poolConnections = 10

/** Pairs of reservation and settlement without HTTP: batches beside a transaction for each call. */
export async function benchLedger(ground: Ground): Promise<string[]> {
  const databaseUrl = await ground.newDatabase()
  await seedCallers(databaseUrl, 1_000)
  const payers = await buyersOf(databaseUrl)
  const open = (name: string, lanes: number, batchOpsMax: number) => {
    const relayId = newCallId(Date.now())
    const ledger = createLedger(databaseUrl, {
      relayId,
      limits: { ...limits.ledger, lanes, batchOpsMax },
    })
    ground.keep({ stop: () => ledger.close() })
    return { name, ledger }
  }
  const kinds = [
    open('group commit', limits.ledger.lanes, limits.ledger.batchOpsMax),
    open('a transaction a call, one connection', 1, 1),
    open(`a transaction a call, ${poolConnections} connections`, poolConnections, 1),
  ]
  const rows: string[][] = []
  const goals: string[] = []
  for (const inFlight of [1, 64]) {
    for (const accounts of [1, 1_000]) {
      const some = payers.slice(0, accounts)
      const rates = kinds.map(() => [] as number[])
      const cpus = kinds.map(() => [] as number[])
      for (let round = -1; round < rounds; round++) {
        for (const [i, { ledger }] of kinds.entries()) {
          const { result, cpu } = await withCpu({ db: ground.mariadbPid }, () =>
            pairsPerSecond(ledger, some, { inFlight, seconds }),
          )
          // The first round warms up.
          if (round < 0) continue
          present(rates[i]).push(result)
          present(cpus[i]).push(present(cpu.db) / (result * seconds))
        }
      }
      const [ours, single, pooled] = rates.map(median) as [number, number, number]
      for (const [i, { name }] of kinds.entries()) {
        const [rate, cpu] = [median(present(rates[i])), median(present(cpus[i]))]
        const cells = [
          count(rate),
          percent(spread(present(rates[i]))),
          (rate / ours).toFixed(2),
          count(cpu),
        ]
        rows.push([String(inFlight), count(accounts), name, ...cells])
      }
      const at = `${inFlight} in flight, ${count(accounts)} account${accounts > 1 ? 's' : ''}`
      if (inFlight === 1) goals.push(bound(`${at}: time of a lone pair`, single / ours, 1.1))
      else {
        goals.push(goal(`${at}: of one transaction a call`, ours / single, 5))
        goals.push(
          `- ${at}: of ${poolConnections} connections at once ${(ours / pooled).toFixed(2)}`,
        )
      }
    }
  }
  const heads = ['in flight', 'accounts', 'what', 'pairs/s', '±', 'of group commit', 'MariaDB, µs']
  return [
    `The same statements, checks and durability in all; ${rounds} rounds of ${seconds} s, taking turns.`,
    '',
    ...table(heads, rows),
    '',
    ...goals,
  ]
}
