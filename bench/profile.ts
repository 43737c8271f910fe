import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { present } from '../test/present.ts'

type Frame = { functionName: string; url: string; lineNumber: number; columnNumber: number }
type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[]
  samples: number[]
  timeDeltas: number[]
}

const intervalUs = 500
const linesMax = 45

export const profileArguments = (dir: string) => [
  '--cpu-prof',
  `--cpu-prof-dir=${dir}`,
  `--cpu-prof-interval=${intervalUs}`,
]

export function clearProfiles(dir: string) {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
}

const maps = new Map<string, SourceMap | undefined>()

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) {
    try {
      const payload: unknown = JSON.parse(readFileSync(`${fileURLToPath(url)}.map`, 'utf8'))
      maps.set(url, new SourceMap(payload as SourceMapPayload))
    } catch {
      maps.set(url, undefined)
    }
  }
  return maps.get(url)
}

/** Where a frame was written: a file of ours, a package, or Node itself. */
function placeOf({ url, lineNumber, columnNumber }: Frame): string {
  if (url === '') return 'V8 and system'
  if (url.startsWith('node:')) return url
  const entry = url.startsWith('file:')
    ? mapOf(url)?.findEntry(lineNumber, columnNumber)
    : undefined
  const file = entry && 'originalSource' in entry ? String(entry.originalSource) : url
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
  return (
    inPackage ??
    file.replace(/^.*?\/(?=(app|build|bench)\/|server\.ts)/, '').replace(/^(\.\.\/)+/, '')
  )
}

function selfTimes(profile: Profile): Map<string, number> {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]))
  const spent = new Map<string, number>()
  profile.samples.forEach((id, i) => {
    const frame = present(frames.get(id))
    const name = `${frame.functionName || '(anonymous)'}\t${placeOf(frame)}`
    spent.set(name, (spent.get(name) ?? 0) + (profile.timeDeltas[i] ?? 0))
  })
  return spent
}

/** The rooms and packages that do the work of a call; everything else works for whoever called it. */
const parts: [RegExp, string][] = [
  [/^(app\/ledger|app\/db|mysql2|sql-escaper)/, 'the ledger: decisions, SQL, driver, its sockets'],
  [/^(undici|app\/upstreams)/, 'the upstream: client and its sockets'],
  [/^(node:_http|app\/http|app\/api)/, 'HTTP towards the client and its sockets'],
  [/^(@remix-run|react|turbo-stream|app\/ui|app\/routes\/(?!v1))/, 'pages'],
  [/^(app|build|src)\//, 'the call itself: key, body, bounds, metering, bill'],
]

/** A function's time with whatever it called that belongs to no other part. */
function timesByPart(profile: Profile): Map<string, number> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const self = new Map<number, number>()
  profile.samples.forEach((id, i) => {
    self.set(id, (self.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0))
  })
  const spent = new Map<string, number>()
  const walk = (id: number, from: string) => {
    const { callFrame, children = [] } = present(nodes.get(id))
    const isCollector = callFrame.functionName === '(garbage collector)'
    const place = placeOf(callFrame)
    const own = parts.find(([pattern]) => pattern.test(place))?.[1]
    const part = isCollector ? 'the garbage collector' : (own ?? from)
    if (callFrame.functionName !== '(idle)')
      spent.set(part, (spent.get(part) ?? 0) + (self.get(id) ?? 0))
    for (const child of children) walk(child, part)
  }
  walk(present(profile.nodes[0]).id, 'the rest of Node: its loop, timers, start')
  return spent
}

/** For each profile: where its time went, by part, by place and by function, of the time at work. */
export function summarizeProfiles(dir: string): string[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.cpuprofile'))
    .flatMap((file) => {
      const profile = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Profile
      const spent = selfTimes(profile)
      spent.delete('(idle)\tV8 and system')
      const all = [...spent.values()].reduce((sum, us) => sum + us, 0)
      const places = new Map<string, number>()
      for (const [name, us] of spent) {
        const place = present(name.split('\t')[1])
        places.set(place, (places.get(place) ?? 0) + us)
      }
      const top = (of: Map<string, number>) =>
        [...of]
          .sort(([, a], [, b]) => b - a)
          .slice(0, linesMax)
          .map(
            ([name, us]) =>
              `${((us / all) * 100).toFixed(1).padStart(5)} %  ${name.replace('\t', '  ')}`,
          )
      const byPart = top(timesByPart(profile))
      const head = ['', join(dir, file), '', 'by part', ...byPart]
      return [...head, '', 'by place', ...top(places), '', 'by function', ...top(spent)]
    })
}
