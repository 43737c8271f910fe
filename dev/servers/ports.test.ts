import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, test } from 'node:test'

import { choosePort } from './ports.ts'
import { freePort } from './processes.ts'

const taken = createServer()
after(() => taken.close())

test('a port in use is stepped over unless it was asked for by name', async () => {
  const port = await freePort()
  assert.equal(await choosePort(port, true), port)
  taken.listen(port, '127.0.0.1')
  await once(taken, 'listening')
  assert.ok((await choosePort(port, false)) > port)
  await assert.rejects(choosePort(port, true), {
    name: 'CannotContinue',
    message: `PORT: ${port} is in use; stop what listens there, or set another.`,
  })
})
