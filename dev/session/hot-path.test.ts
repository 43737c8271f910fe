import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'

import { eventually } from '../command/eventually.ts'
import { watchHotPath } from './hot-path.ts'

// Below the project, because watched paths are relative to where the command runs.
mkdirSync('node_modules/.cache', { recursive: true })
const root = mkdtempSync(join('node_modules/.cache', 'hot-path-'))
after(() => rmSync(root, { recursive: true }))
const write = (path: string, content: string) => writeFileSync(join(root, path), content)

test('an edit of what the relay has loaded is told, one of a page is left to Vite', async () => {
  for (const folder of ['app/relay', 'app/routes', 'sql/keys']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
  write('server.ts', `import { relay } from './app/relay/relay.ts'\nrelay()`)
  write('app/relay/relay.ts', `export const relay = () => import('./late.ts')`)
  write('app/relay/late.ts', `export const late = 1`)
  write('app/relay/relay.test.ts', `import './relay.ts'`)
  write('app/routes/page.tsx', `export default () => null`)
  write('sql/keys/read.sql', 'select 1')
  const told: string[] = []
  const stop = await watchHotPath((path) => told.push(path), root)
  write('app/routes/page.tsx', `export default () => 'edited'`)
  write('app/relay/relay.test.ts', `import './relay.ts' // edited`)
  write('app/relay/relay.ts', `export const relay = () => import('./late.ts') // as it was`)
  for (const path of ['app/relay/late.ts', 'sql/keys/read.sql', 'server.ts']) {
    write(path, '// edited')
    await eventually(path, () => told.includes(path))
  }
  stop()
  assert.deepEqual([...new Set(told)].sort(), [
    'app/relay/late.ts',
    'app/relay/relay.ts',
    'server.ts',
    'sql/keys/read.sql',
  ])
})
