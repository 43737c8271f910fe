import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeRelease } from '../../dev/bundle/release.ts'
import { CannotContinue, runCommand, step } from '../../dev/command/announce.ts'
import { startGalera } from '../../dev/servers/galera.ts'
import { ensurePrograms } from '../../dev/servers/packages.ts'
import { writeProof } from '../proof.ts'
import { cases } from './cases.ts'

const say = (line: string) => console.log(line)
const usage = `npm run check -- galera [${cases.map(({ name }) => name).join('] [')}] [--seeds N] [--seconds N]`

const wholeOf = (text: string): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new CannotContinue(usage)
  return value
}

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '60' },
    },
  })
  const options = { seeds: wholeOf(values.seeds), seconds: wholeOf(values.seconds) }
  if (positionals.some((word) => !cases.some(({ name }) => name === word)))
    throw new CannotContinue(usage)
  const wanted = cases.filter(({ name }) => !positionals.length || positionals.includes(name))
  await ensurePrograms(['redis-server'], say)
  const dir = mkdtempSync(join(tmpdir(), 'relay-galera-'))
  // Whoever the relays run as is somebody else.
  chmodSync(dir, 0o755)
  const folder = join(dir, 'release')
  let exitCode = 0
  try {
    await makeRelease(folder)
    const cluster = await step(say, 'three nodes', () =>
      startGalera({ dir: join(dir, 'cluster'), say }),
    )
    try {
      for (const { name, work } of wanted) {
        say(`\n## ${name}\n`)
        const section = await work({ cluster, dir, folder }, options)
        say(section.lines.join('\n'))
        writeProof(section)
        if (!section.isRight) exitCode = 1
      }
    } finally {
      await cluster.stop()
    }
    return exitCode
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})
