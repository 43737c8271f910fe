import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotContinue, runCommand } from '../dev/command/announce.ts'
import { makeRelease } from '../dev/bundle/release.ts'
import { backUpAndRestore } from './backup.ts'
import { isRight, lastLine, linesOf, writeProof, type Section } from './proof.ts'
import { proxyNames, type ProxyName } from './proxies.ts'
import { onSite, underLoad } from './site.ts'
import { hardMinute, rolling } from './timeline.ts'

const say = (line: string) => console.log(line)

const hardMinuteBehind = (proxy: ProxyName, folder: string): Promise<Section> =>
  onSite({ proxy, folder, say }, async (site) => {
    const doings = hardMinute(site.ground, site.relays, folder)
    const hasSlowCall = proxy === 'nginx'
    const run = await underLoad(site, { doings, seconds: 60, hasSlowCall, folder })
    return {
      title: `A hard minute behind ${proxy}`,
      lines: linesOf(run),
      isRight: isRight(run) && run.verified.status === 0,
    }
  })

/** From the version in `before` to this one and back, under load. */
const thereAndBack = (before: string, folder: string): Promise<Section> =>
  onSite({ proxy: 'nginx', folder: before, say }, async (site) => {
    const { relays } = site
    const doings = [
      { what: 'rolling to this version', atMs: 4_000, to: folder },
      { what: 'rolling back', atMs: 30_000, to: before },
    ].map(({ what, atMs, to }) => ({ what, atMs, mayRefuse: false, work: rolling(relays, to) }))
    const run = await underLoad(site, { doings, seconds: 60, folder })
    const repaired = await relays.cli(folder, 'repair', 'totals', '--apply')
    const again = await relays.cli(folder, 'verify')
    return {
      title: 'To this version and back',
      isRight: isRight(run) && again.status === 0,
      lines: [
        ...linesOf(run),
        '',
        `- \`relay repair totals --apply\`: exit ${repaired.status}, ${lastLine(repaired)}`,
        `- \`relay verify\` after it: exit ${again.status}, ${lastLine(again)}`,
      ],
    }
  })

/** As nginx does it by itself: the relays are told the name of their own group. */
const withoutHost = (folder: string): Promise<Section> =>
  onSite({ proxy: 'nginx', folder, say, passesHost: false }, () =>
    Promise.resolve({
      title: 'Behind nginx that passes no Host',
      lines: ['- a person has signed in by a browser and made a key'],
      isRight: true,
    }),
  )

function sectionsFor(words: string[], before: string | undefined, folder: string) {
  const wanted = (name: string) => words.length === 0 || words.includes(name)
  const all = [
    ...proxyNames.map((name) => ({ name, work: () => hardMinuteBehind(name, folder) })),
    { name: 'host', work: () => withoutHost(folder) },
    {
      name: 'backup',
      work: () => onSite({ proxy: 'nginx', folder, say }, (site) => backUpAndRestore(site, folder)),
    },
  ]
  if (before !== undefined) return [{ name: 'before', work: () => thereAndBack(before, folder) }]
  return all.filter(({ name }) => wanted(name))
}

async function production(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { before: { type: 'string' } },
  })
  const before = values.before === undefined ? undefined : resolve(values.before)
  const dir = mkdtempSync(join(tmpdir(), 'relay-release-'))
  const folder = join(dir, 'release')
  const wanted = sectionsFor(positionals, before, folder)
  if (wanted.length === 0)
    throw new CannotContinue(
      `npm run check -- production [nginx] [haproxy] [host] [backup], or [--before FOLDER] (built)`,
    )
  try {
    await makeRelease(folder)
    // Whoever the relays run as is somebody else.
    chmodSync(dir, 0o755)
    let exitCode = 0
    for (const { name, work } of wanted) {
      say(`\n## ${name}\n`)
      const section = await work()
      say(section.lines.join('\n'))
      writeProof(section)
      if (!section.isRight) exitCode = 1
    }
    return exitCode
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

await runCommand(production)
