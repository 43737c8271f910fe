import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../../dev/command/announce.ts'
import { startServers } from '../../dev/servers/servers.ts'
import { testEnvironment } from '../../dev/test-environment.ts'

const say = (line: string) => console.log(line)

/** Servers of its own, and the criteria in a process that knows no others. */
async function prove(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), 'relay-money-'))
  try {
    const servers = await startServers({ dir, isForTests: true, say })
    try {
      const args = ['--import', 'tsx', 'proof/money/run.ts', ...process.argv.slice(2)]
      const env = testEnvironment(servers)
      return spawnSync(process.execPath, args, { env, stdio: 'inherit' }).status ?? 1
    } finally {
      await servers.stop()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

await runCommand(prove)
