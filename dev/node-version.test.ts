import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'

import { makeClone } from '../test/clone.ts'

const clone = makeClone({ hasPackages: false })
after(() => clone.remove())
const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  engines: { node: string }
}

const versions = {
  '18.20.8': false,
  '20.18.3': false,
  '20.19.0': true,
  '21.7.3': false,
  '22.11.0': false,
  '22.12.0': true,
  '23.11.1': false,
  '24.0.0': true,
  '25.2.1': false,
}

/** Has the commands take themselves for run by another Node. */
clone.write(
  'another-node.cjs',
  `const versions = { ...process.versions, node: process.env.ANOTHER_NODE }
   Object.defineProperty(process, 'versions', { value: versions })`,
)

for (const [version, isFit] of Object.entries(versions)) {
  test(`Node ${version} is ${isFit ? 'taken' : 'refused, with those that would do'}`, async () => {
    // Whoever is taken gets as far as to miss what is built.
    const cli = clone.command(['start'], {
      ANOTHER_NODE: version,
      NODE_ENV: 'production',
      NODE_OPTIONS: '--require ./another-node.cjs',
    })
    assert.equal(await cli.exitCode, 1)
    const words = isFit ? 'server.mjs is not there' : `This needs Node ${engines.node}; `
    assert.ok(cli.output().includes(words), cli.output())
  })
}
