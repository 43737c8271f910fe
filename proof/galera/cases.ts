import { setTimeout as sleep } from 'node:timers/promises'
import type { GaleraNode } from '../../dev/servers/galera.ts'
import { isRight, lastLine, linesOf, type Run, type Section } from '../proof.ts'
import type { Doing } from '../timeline.ts'
import { behindProxy, hostKilled, hostStopped } from './hosts.ts'
import { onCluster, underLoad, type ClusterSite, type Ground, type Load } from './site.ts'

type Options = { seeds: number; seconds: number }
/** A part of the proof. */
type Case = { name: string; work(ground: Ground, options: Options): Promise<Section> }

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
const isClean = (run: Run) => isRight(run) && run.verified.status === 0

/** Calls without a fault, one account's and a hundred's, from several seeds. */
async function writers(ground: Ground, { seeds, seconds }: Options): Promise<Section> {
  const rows: string[] = []
  let isAllRight = true
  for (let seed = 1; seed <= seeds; seed++)
    for (const whose of ['one', 'hundred'] as const) {
      const name = `writers_${whose}_${seed}`
      const run = await onCluster(ground, { name }, (site) =>
        underLoad(site, { seed, seconds, whose }),
      )
      const { calls, complete, wrong, lost, holdsLeft, chargedNanos, reportedNanos } = run.judgement
      isAllRight &&= isClean(run) && calls === complete
      const cells = [
        seed,
        whose === 'one' ? 'one account' : '100 accounts',
        calls,
        (calls / seconds).toFixed(0),
        calls - complete,
        wrong.length,
        holdsLeft,
        chargedNanos === reportedNanos ? 'the same' : `${chargedNanos - reportedNanos} nanos`,
        lastLine(run.verified),
      ]
      rows.push(`| ${cells.join(' | ')} |`)
      rows.push(...[...lost].map(([words, times]) => `| | ${times}: ${words} | | | | | | | |`))
      console.log(rows.at(-1))
    }
  return {
    title: 'Two writing nodes of a cluster',
    isRight: isAllRight,
    lines: [
      `Two relays on two of three Galera nodes, 16 connections to each, half of all calls streamed, ${seconds} s each.`,
      '',
      '| seed | whose | calls | a second | not whole | charged wrong | holds left | against the upstream’s count | `verify` |',
      '|--:|---|--:|--:|--:|--:|--:|---|---|',
      ...rows,
    ],
  }
}

/** One run with things that are done to the cluster. */
const during =
  (title: string, whose: Load['whose'], doingsOf: (site: ClusterSite) => Doing[]): Case['work'] =>
  async (ground) => {
    const name = title.toLowerCase().replace(/\W+/g, '_')
    return onCluster(ground, { name }, async (site) => {
      const doings = doingsOf(site)
      const seconds = (doings.at(-1)?.atMs ?? 0) / 1_000 + 30
      const run = await underLoad(site, { seed: 1, seconds, whose, doings })
      const [first = 0, second = 0] = run.refused
      const waits = `- the longest call took ${inSeconds(run.longestMs)}; the first relay refused ${first}, the second ${second}`
      return { title, isRight: isClean(run), lines: [waits, ...linesOf(run)] }
    })
  }

const away = async (ms: number, gone: GaleraNode[], end: 'kill' | 'freeze') => {
  for (const node of gone) if (end === 'freeze') node.freeze()
  if (end === 'kill') await Promise.all(gone.map((node) => node.kill9()))
  await sleep(ms)
  const startedAt = performance.now()
  for (const node of gone) if (end === 'freeze') node.wake()
  if (end === 'kill') await Promise.all(gone.map((node) => node.rejoin()))
  return () => inSeconds(performance.now() - startedAt)
}

const lose = (
  { cluster }: ClusterSite,
  what: string,
  order: { atMs: number; nodes: number[]; forMs: number; end: 'kill' | 'freeze' },
): Doing => ({
  what,
  atMs: order.atMs,
  mayRefuse: true,
  async work() {
    const gone = order.nodes.flatMap((at) => cluster.nodes[at] ?? [])
    const since = await away(order.forMs, gone, order.end)
    await cluster.untilWhole()
    return `away for ${inSeconds(order.forMs)}, all whole ${since()} later`
  },
})

const names = ['the first relay’s node', 'the second relay’s node', 'the third node']

const kills = during('A node of the cluster killed, five times', 'both', (site) =>
  [0, 1, 2, 0, 1].map((at, i) =>
    lose(site, `${names[at]} killed (kill -9)`, {
      atMs: 8_000 + 25_000 * i,
      nodes: [at],
      forMs: 8_000,
      end: 'kill',
    }),
  ),
)

const freezes = during('A node of the cluster frozen', 'both', (site) => [
  ...[0, 1, 2].map((at, i) =>
    lose(site, `${names[at]} stopped (SIGSTOP)`, {
      atMs: 8_000 + 30_000 * i,
      nodes: [at],
      forMs: 15_000,
      end: 'freeze',
    }),
  ),
  lose(site, `${names[0]} stopped, and woken before it is missed`, {
    atMs: 98_000,
    nodes: [0],
    forMs: 1_500,
    end: 'freeze',
  }),
])

const majority = during('The majority of a cluster lost', 'both', (site) => [
  lose(site, 'two nodes stopped (SIGSTOP), the first relay’s left', {
    atMs: 8_000,
    nodes: [1, 2],
    forMs: 15_000,
    end: 'freeze',
  }),
  lose(site, 'two nodes killed (kill -9), the first relay’s left', {
    atMs: 45_000,
    nodes: [1, 2],
    forMs: 15_000,
    end: 'kill',
  }),
])

/** A history of four months, of which all but the last two are dropped while calls go on. */
async function retained(ground: Ground): Promise<Section> {
  return onCluster(ground, { name: 'retained' }, async (site) => {
    const seeded = await site.cli('seed-calls', '20000', '--days', '150')
    const doings: Doing[] = [8_000, 24_000].map((atMs, i) => ({
      what: `\`retain --months ${2 - i}\``,
      atMs,
      mayRefuse: false,
      work: async () => lastLine(await site.cli('retain', '--months', String(2 - i))),
    }))
    const run = await underLoad(site, { seed: 1, seconds: 45, whose: 'both', doings })
    const dropped = run.episodes.every(({ note }) => note.startsWith('Dropped'))
    return {
      title: 'Months dropped on a cluster under load',
      isRight: isClean(run) && dropped && seeded.status === 0,
      lines: linesOf(run),
    }
  })
}

export const cases: Case[] = [
  { name: 'writers', work: writers },
  { name: 'kills', work: kills },
  { name: 'freezes', work: freezes },
  { name: 'majority', work: majority },
  { name: 'retain', work: retained },
  { name: 'hosts', work: hostKilled },
  { name: 'stopped', work: hostStopped },
  { name: 'haproxy', work: behindProxy },
]
