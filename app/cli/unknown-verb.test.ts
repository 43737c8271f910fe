import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capturedCli } from '../../test/captured-cli.ts'
import { unknownVerb } from './unknown-verb.ts'

const names = ['verify', 'account list', 'key list', 'key revoke', 'model alias add']
const calledAs = 'relay'
const help = `see help: ${calledAs} help`

test('a verb that does not exist is one line, with the one that is near', () => {
  const lines = {
    verfiy: `There is no verb "verfiy"; "verify" is near; ${help}`,
    'key revok 2': `There is no verb "key revok"; "key revoke" is near; ${help}`,
    'Key Revoke 2': `There is no verb "Key"; "key revoke" is near; ${help}`,
    'kye revoke 2': `There is no verb "kye"; "key revoke" is near; ${help}`,
    'model alais add': `There is no verb "model alais"; "model alias add" is near; ${help}`,
    key: `There is no verb "key"; there are key list, key revoke; ${help} key`,
    'key frobnicate': `There is no verb "key frobnicate"; there are key list, key revoke; ${help} key`,
    frobnicate: `There is no verb "frobnicate"; ${help}`,
    '--json': `A verb is missing; ${help}`,
    '': `A verb is missing; ${help}`,
  }
  for (const [command, line] of Object.entries(lines)) {
    const args = command.split(' ').filter((word) => word !== '')
    assert.equal(unknownVerb(args, names, calledAs), line, command)
  }
})

test('a word of any length is answered at once, in one line', async () => {
  const { exitCode, out, err } = await capturedCli({})('x'.repeat(1e6), '--json')
  assert.equal(exitCode, 2)
  assert.equal(JSON.parse(out).error.code, 'wrong_usage')
  assert.match(err, /^There is no verb "x{60}"; .{20,40}\n$/)
})
