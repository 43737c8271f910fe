import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../dev/command/eventually.ts'
import type { GaleraNode } from '../../dev/servers/galera.ts'
import { startLoad, type Reply } from '../../test/failures/steady-load.ts'
import { present } from '../../test/present.ts'
import { runSql } from '../../test/sql.ts'
import { judge } from '../judge.ts'
import { isRight, linesOf, type Run, type Section } from '../proof.ts'
import { go, type Doing } from '../timeline.ts'
import { startDatabaseProxy } from './database-proxy.ts'
import { heardOf, onCluster, type ClusterSite, type Ground } from './site.ts'

/** What the operator's guide has: the others commit again this soon after a node has died. */
const silence = 'evs.suspect_timeout=PT1S;evs.inactive_timeout=PT3S'
/** What may be refused when the writer dies, and how long anybody may wait. */
const refusedPartMax = 0.001
const waitMsMax = 5_000
const awayMs = 8_000
/** Nodes that have let one go and taken it back may part once more, and commit nothing meanwhile. */
const steadyMs = 3_000
/** A node has to have been well for half a minute, and has to come up first. */
const backMsMax = 120_000

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
const settle = (nodes: readonly GaleraNode[]) =>
  Promise.all(
    nodes.map((node) => runSql(node.url(), `set global wsrep_provider_options='${silence}'`)),
  )

/** As many clients as the writer has: of those, connections of relays to each node. */
async function connectionsOf(nodes: readonly GaleraNode[], database: string): Promise<number[]> {
  const text = 'select count(*) as many from information_schema.processlist where db = ?'
  const counts = nodes.map((node) => runSql<{ many: number }>(node.url(), text, [database]))
  return (await Promise.all(counts)).map(([row]) => Number(row?.many ?? 0))
}

type Way = {
  title: string
  name: string
  /** What is done to the writing node; where it only stops, nobody can know at once that it did. */
  end: 'kill' | 'freeze'
  /** Whether calls have gone back, by what the relays and the nodes say. */
  isBack(site: ClusterSite): Promise<boolean>
}

const lose = ({ cluster }: ClusterSite, end: Way['end']): Doing => ({
  what: end === 'kill' ? 'the writing node killed (kill -9)' : 'the writing node stopped (SIGSTOP)',
  atMs: 10_000,
  mayRefuse: true,
  async work() {
    const [writer] = cluster.nodes
    if (end === 'kill') await writer.kill9()
    else writer.freeze()
    await sleep(awayMs)
    const startedAt = performance.now()
    if (end === 'kill') await writer.rejoin()
    else writer.wake()
    await cluster.untilWhole(steadyMs)
    const took = inSeconds(performance.now() - startedAt - steadyMs)
    return `away for ${inSeconds(awayMs)}, back in the cluster ${took} later`
  },
})

const failBack = (site: ClusterSite, way: Way): Doing => ({
  what: 'calls go back to it',
  atMs: 20_000,
  mayRefuse: false,
  async work() {
    const startedAt = performance.now()
    await eventually('calls are back', () => way.isBack(site), { msMax: backMsMax, everyMs: 500 })
    const took = performance.now() - startedAt
    // Under load on both sides of the change.
    await sleep(10_000)
    return `${inSeconds(took)} after it was whole`
  },
})

const longest = (replies: readonly Reply[]) =>
  Math.max(...replies.map(({ at, startedAt }) => at - startedAt))

async function carryOut(site: ClusterSite, way: Way): Promise<Section> {
  const { relays, hot, hundred, books, upstream, which } = site
  const urls = relays.all.map(({ port }) => `http://127.0.0.1:${port}/v1`)
  const secrets = hundred.flatMap((secret) => [secret, hot])
  const calling = startLoad({ urls, secrets, model: 'gpt-4o-mini', connections: 16, seed: 1 })
  const startedAt = performance.now()
  const doings = [lose(site, way.end), failBack(site, way)]
  const episodes = await go(doings, 0)
  const replies = await calling.end()
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const judgement = await judge({ books, upstream }, replies.map(heardOf), episodes, which)
  const verified = await site.cli('verify')
  const run: Run = { episodes, judgement, slowCall: undefined, seconds, verified }
  const refusedPart = judgement.refused / judgement.calls
  const waitedMs = longest(replies)
  const isGood = way.end === 'freeze' || (refusedPart <= refusedPartMax && waitedMs <= waitMsMax)
  const atMost = (words: string) => (way.end === 'kill' ? ` (at most ${words})` : '')
  return {
    title: way.title,
    isRight: isRight(run) && verified.status === 0 && isGood,
    lines: [
      ...linesOf(run),
      '',
      `- refused with 503: ${(100 * refusedPart).toFixed(3)} %${atMost('0.1 %')}`,
      `- the longest that a client waited: ${inSeconds(waitedMs)}${atMost('5 s')}`,
    ],
  }
}

/** Two relays that are given all three nodes, of which the first is lost. */
const severalHosts =
  (end: Way['end'], name: string) =>
  async (ground: Ground): Promise<Section> => {
    await settle(ground.cluster.nodes)
    const several = (urls: string[]) => {
      const hosts = urls.map((url) => new URL(url).host).join(',')
      const url = new URL(present(urls[0]))
      const all = url.href.replace(url.host, hosts)
      return [all, all] as const
    }
    const writer = `"to":"127.0.0.1:${ground.cluster.nodes[0].port}"`
    const way: Way = {
      title: `One writing node of several hosts, ${end === 'kill' ? 'killed' : 'stopped'} and gone back to`,
      name,
      end,
      isBack: ({ relays }) =>
        Promise.resolve(relays.all.every((relay) => relay.logged().includes(writer))),
    }
    return onCluster(ground, { name, databaseUrls: several }, (site) => carryOut(site, way))
  }

export const hostKilled = severalHosts('kill', 'hosts')
export const hostStopped = severalHosts('freeze', 'hosts_stopped')

/** Two relays behind HAProxy, which chooses the node for them. */
export async function behindProxy(ground: Ground): Promise<Section> {
  await settle(ground.cluster.nodes)
  const name = 'haproxy'
  const proxy = await startDatabaseProxy(ground.dir, ground.cluster.nodes)
  try {
    const url = proxy.urlOf(name)
    const way: Way = {
      title: 'One writing node behind HAProxy, killed and gone back to',
      name,
      end: 'kill',
      isBack: async ({ cluster }) => {
        const [first = 0, second = 0] = await connectionsOf(cluster.nodes, name)
        return first > 0 && second === 0
      },
    }
    return await onCluster(ground, { name, databaseUrls: () => [url, url] }, (site) =>
      carryOut(site, way),
    )
  } finally {
    await proxy.stop()
  }
}
