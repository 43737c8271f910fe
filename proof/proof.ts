import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import type { Judgement } from './judge.ts'
import type { Heard } from './load.ts'
import type { Said } from './relays.ts'
import type { Episode } from './timeline.ts'

/** What came of one run under load. */
export type Run = {
  seconds: number
  episodes: Episode[]
  judgement: Judgement
  verified: Said
  slowCall: Heard | undefined
}

/** A part of the proof: its lines, and whether all is as it must be. */
export type Section = { title: string; lines: string[]; isRight: boolean }

const file = 'docs/PROOF.md'
const head = `# Proof

What \`npm run check -- production\` has seen last: two relays in production mode, each a process of a user
without rights, on a MariaDB with a binary log and a Redis of their own, behind Debian's nginx or HAProxy with
the configuration of \`deploy/\`; TLS, half the clients by HTTP/2, half of all calls streamed, none tried again
by its client. A person has signed in by a real browser through the proxy before.
What is told of a cluster is of \`npm run check -- galera\`: relays called without a proxy.`

const dollars = (nanos: bigint) =>
  `$${nanos / 1_000_000_000n}.${String(nanos % 1_000_000_000n).padStart(9, '0')}`
const count = (value: number) => value.toLocaleString('en-US')

export const lastLine = ({ text }: Said) => text.trim().split('\n').at(-1) ?? ''

/** Nothing lost, nothing charged wrong, nothing given away, nothing held. */
export const isRight = ({ judgement, slowCall }: Run): boolean => {
  const { lost, wrong, holdsLeft, chargedNanos, reportedNanos } = judgement
  const areBooksRight = wrong.length === 0 && holdsLeft === 0 && chargedNanos === reportedNanos
  return areBooksRight && lost.size === 0 && (slowCall?.isComplete ?? true)
}

/** The lines of a run. */
export function linesOf({
  judgement: found,
  episodes,
  verified,
  slowCall,
  seconds,
}: Run): string[] {
  const wrong = found.wrong.slice(0, 20).map((words) => `  - ${words}`)
  const lost = [...found.lost].map(([words, times]) => `  - ${count(times)}: ${words}`)
  const lostCalls = [...found.lost.values()].reduce((sum, times) => sum + times, 0)
  const held = `the last was gone ${(found.holdsGoneAfterMs / 1_000).toFixed(1)} s after the load`
  const slowly = slowCall?.isComplete ? 'came whole' : `status ${slowCall?.status}`
  return [
    `- ${count(found.calls)} calls in ${seconds} s: ${count(found.complete)} came whole, ` +
      `${count(found.refused)} were refused with 503 where they may be`,
    `- lost in any other way: ${count(lostCalls)}`,
    ...lost,
    `- wrong charges: ${found.wrong.length}`,
    ...wrong,
    `- charged: ${dollars(found.chargedNanos)}; by the upstream's own count of what it served: ` +
      dollars(found.reportedNanos),
    `- holds left: ${found.holdsLeft} (${held})`,
    ...(slowCall ? [`- a plain call of 65 s: ${slowly}`] : []),
    `- \`relay verify\`: exit ${verified.status}, ${lastLine(verified)}`,
    '',
    '| what was done | how long | refused there | |',
    '|---|--:|---|---|',
    ...episodes.map(
      ({ what, from, to, mayRefuse, note }) =>
        `| ${what} | ${((to - from) / 1_000).toFixed(1)} s | ${mayRefuse ? '503' : 'none'} | ${note} |`,
    ),
  ]
}

const proofOf = ({ title, lines }: Section) => [`## ${title}`, '', about(), '', ...lines].join('\n')

function about(): string {
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' })
  const day = new Date().toISOString().slice(0, 10)
  return `${day}, commit ${git.stdout.trim()}, Node ${process.version}, ${cpus().length} cores shared by load, upstream, proxy, relays and stores.`
}

/** Puts it in the place of the section of the same title, or at the end. */
export function writeProof(section: Section): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const [, ...sections] = old.split(/^(?=## )/m)
  const at = sections.findIndex((it) => it.startsWith(`## ${section.title}\n`))
  sections.splice(at < 0 ? sections.length : at, at < 0 ? 0 : 1, proofOf(section))
  writeFileSync(file, `${[head, ...sections].map((it) => it.trimEnd()).join('\n\n')}\n`)
}
