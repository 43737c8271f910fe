import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runCommand } from '../../dev/command/announce.ts'
import { makeRelease } from '../../dev/bundle/release.ts'
import { Opened } from '../../test/failures/opened.ts'
import { writeProof } from '../proof.ts'
import { bothOrders } from './orders.ts'
import { openStage } from './stage.ts'
import { earlierVersion } from './versions.ts'

const say = (line: string) => console.log(line)

/** The version before and this one, on one database, in both orders, under load. */
async function upgrades(): Promise<number> {
  const { values } = parseArgs({ options: { before: { type: 'string' } } })
  const dir = mkdtempSync(join(tmpdir(), 'relay-versions-'))
  // Whoever the relays run as is somebody else.
  chmodSync(dir, 0o755)
  const opened = new Opened()
  opened.closeWith(() => rmSync(dir, { recursive: true, force: true }))
  try {
    const before = earlierVersion(values.before, dir)
    say(`  the earlier version is ${before.name}`)
    const after = { name: 'this version', folder: await makeRelease(join(dir, 'after')) }
    const section = await bothOrders(await openStage(opened, say), before, after, say)
    say(`\n${section.lines.join('\n')}`)
    writeProof(section)
    return section.isRight ? 0 : 1
  } finally {
    await opened.close()
  }
}

await runCommand(upgrades)
