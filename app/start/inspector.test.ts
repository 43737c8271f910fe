import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'

const own = new URL('./inspector.ts', import.meta.url).pathname

/** Whether a program has an inspector open once it has been sent the signal, after doing this. */
const opensAfter = (first: string) => {
  const program = `
    import { url } from 'node:inspector'
    import { setTimeout as sleep } from 'node:timers/promises'
    ${first}
    process.kill(process.pid, 'SIGUSR1')
    for (let looks = 0; looks < 100 && !url(); looks++) await sleep(5)
    console.log(url() === undefined ? 'shut' : 'open')
    process.exit(0)
  `
  const args = ['--import', 'tsx', '--inspect-port=0', '--input-type=module', '--eval', program]
  return execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString()
}

test('a signal opens no inspector where the server runs, as it does in any other program', () => {
  assert.equal(opensAfter(''), 'open\n')
  const shut = `(await import(${JSON.stringify(own)})).keepInspectorShut()`
  assert.equal(opensAfter(shut), 'shut\n')
})
