import { ask, each } from '../answered.ts'
import { failoverStage, startTempered } from './stage.ts'
import { bound, count, goal } from '../figures.ts'
import { eventually } from '../../dev/command/eventually.ts'
import { present } from '../../test/present.ts'
import { storeUpstream } from '../stored-upstreams.ts'
import type { Ground } from '../ground.ts'

const sessions = Array.from({ length: 1_000 }, (_, i) => `session-${i}`)
const turns = 8

/** Sessions stay where they are; only those of a dead one move, or to a new one. */
export async function benchSessions(ground: Ground): Promise<string[]> {
  const names = ['a', 'b', 'c']
  const wanted = names.map((name) => ({ name, temper: 'well' as const }))
  const stage = await failoverStage(ground, wanted, false)
  let lost = 0
  const turn = async () =>
    each(sessions, 16, async (session, i) => {
      const { url } = stage.relay
      const stream = i % 2 === 1
      const answer = await ask({ url, key: stage.keyAt(i), agent: stage.agent, stream, session })
      if (answer.status !== 200) lost++
      return answer.by ?? 'nobody'
    })
  const seen: string[][] = []
  for (let i = 0; i < turns; i++) seen.push(await turn())
  const stayed = sessions.filter((_, i) => seen.every((of) => of[i] === seen[0]?.[i])).length
  const first = present(seen[0])
  const shares = names.map((name) => `${name} ${count(first.filter((by) => by === name).length)}`)

  const added = await startTempered(ground, 'd', 'well')
  await storeUpstream(stage.pool, { name: 'd', url: added.url })
  await stage.news.changed()
  await eventually('the relay knows the new one', async () => {
    await turnOf(stage, sessions.slice(0, 50))
    return (await added.asked()) > 0
  })
  const withFour = await turn()
  const moved = sessions.filter((_, i) => withFour[i] !== first[i]).length
  const elsewhere = sessions.filter(
    (_, i) => withFour[i] !== first[i] && withFour[i] !== 'd',
  ).length

  await stage.upstream('a').stop()
  await turn()
  const without = await turn()
  const others = sessions.filter((_, i) => withFour[i] !== 'a' && without[i] !== withFour[i]).length
  const { held, calls } = await stage.books()
  const unpaid = calls
    .filter(({ nanos }) => nanos !== 42_000)
    .reduce((sum, it) => sum + it.count, 0)
  return [
    `### ${count(sessions.length)} sessions × ${turns} turns on three equal upstreams`,
    '',
    `- sessions by upstream: ${shares.join(', ')}`,
    goal('sessions whose turns were all on one', stayed / sessions.length, 0.99),
    bound('a fourth comes: part of the sessions that move', moved / sessions.length, 0.27),
    bound('of these to another than the new one, sessions', elsewhere, 0),
    bound('one of four dies: sessions of the others that move', others, 0),
    bound('answers lost', lost, 0),
    bound('calls not billed at their price', unpaid, 0),
    bound('holds left', held, 0),
  ]
}

const turnOf = (stage: Awaited<ReturnType<typeof failoverStage>>, some: string[]) =>
  each(some, 8, (session, i) =>
    ask({ url: stage.relay.url, key: stage.keyAt(i), agent: stage.agent, stream: false, session }),
  )
