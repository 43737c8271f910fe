import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { childEnvironment } from '../../dev/command/environment.ts'
import { openFilesWarning, tryToOpen } from './open-files.ts'

const limitsOf = (files: string) =>
  `Limit                     Soft Limit           Hard Limit           Units     \n` +
  `Max processes             15453                15453                processes \n` +
  `Max open files            ${files.padEnd(20)} 1048576              files     \n`

test('a start says so where the process may open fewer files than its calls need', () => {
  assert.match(
    openFilesWarning(limitsOf('1024')) ?? '',
    /^This process may have 1024 files .*20000/,
  )
  assert.match(openFilesWarning(limitsOf('19999')) ?? '', /19999/)
  for (const enough of ['20000', '1048576', 'unlimited'])
    assert.equal(openFilesWarning(limitsOf(enough)), undefined)
  assert.equal(openFilesWarning(''), undefined)
})

test('what this system says is read', () => {
  const own = new URL('./open-files.ts', import.meta.url).pathname
  const program = `console.log((await import(${JSON.stringify(own)})).openFilesWarning())`
  const node = `"${process.execPath}" --import tsx --input-type=module --eval '${program}'`
  const said = execFileSync('sh', ['-c', `ulimit -Sn 500; ulimit -Hn 500; exec ${node}`])
  assert.match(said.toString(), /^This process may have 500 files/)
})

test('files that are used up are a failure with a code', async () => {
  await tryToOpen()
  const own = new URL('./open-files.ts', import.meta.url).pathname
  const program = `
    const { openSync } = await import('node:fs')
    const { tryToOpen } = await import(${JSON.stringify(own)})
    try { for (;;) openSync('/dev/null') } catch {}
    await tryToOpen().catch(({ code }) => process._rawDebug(code))
  `
  const node = `"${process.execPath}" --import tsx --input-type=module --eval "$PROGRAM"`
  const env = childEnvironment({ PROGRAM: program })
  const said = execFileSync('sh', ['-c', `ulimit -n 200; exec ${node} 2>&1`], { env })
  assert.equal(said.toString().trim(), 'EMFILE')
})
