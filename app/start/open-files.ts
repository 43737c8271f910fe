import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { limits } from '../config/limits.ts'

const ownLimits = '/proc/self/limits'

/**
 * What an operator should know of how many files and sockets this process may have open; undefined
 * where they suffice, or the system does not say. Node has taken all that it may by now.
 */
export function openFilesWarning(
  said = existsSync(ownLimits) ? readFileSync(ownLimits, 'latin1') : '',
): string | undefined {
  const most = Number(/^Max open files +(\d+)/m.exec(said)?.[1] ?? Infinity)
  const needed = 2 * limits.http.callsMax
  if (most >= needed) return undefined
  return (
    `This process may have ${most} files and sockets open, and each call takes two: ${limits.http.callsMax} calls ` +
    `at once need ${needed}, and some more. Raise the limit (LimitNOFILE of systemd, ulimit -n), or expect fewer.`
  )
}

/**
 * Fails where no file can be opened. The kernel then takes connections for us, and Node closes them
 * without a word to anybody.
 */
export async function tryToOpen() {
  const file = await open('/dev/null')
  await file.close()
}
