import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { silencesIn } from './catches.ts'
import { readCode, ships, sourceFile } from './source-tree.ts'

/** The one place of each of these files that may take a failure and say nothing, and why. */
const allowed: Record<string, string> = {
  'app/db/migrate.ts': 'a statement that a crash had let run before is done, as it was to be',
  'app/db/pool.ts': 'a deadlock is tried again, a bounded number of times, and then thrown',
  'app/redis/servers.ts': 'another node of a Cluster is asked, once, and its failure is thrown',
  'app/start/pass-on.ts': 'a reader who has left is no failure; everything else is noted',
  'app/ui/copy-button.tsx': 'a browser that lets nobody copy: the button says so',
  'app/usage/partitions.ts': 'a lock that is held is tried again, a bounded number of times',
}

test('nothing fails unheard: each catch throws, answers, or notes what it caught', () => {
  const silent = readCode().filter(ships).flatMap(silencesIn)
  const fileOf = (place: string) => place.replace(/:\d+$/, '')
  const files = silent.map(fileOf)
  const isAllowed = (path: string, i: number) => path in allowed && files.indexOf(path) === i
  const offenders = silent.filter((_, i) => !isAllowed(files[i]!, i))
  assert.deepEqual(offenders, [], 'a failure that nobody hears of')
  const stale = Object.keys(allowed).filter((path) => !files.includes(path))
  assert.deepEqual(stale, [], 'an exception that is none any more')
})

describe('what is silent is found', () => {
  const silent: Record<string, string> = {
    'an empty clause': 'try { work() } catch {}',
    'one that only has a comment': 'try { work() } catch {\n// never mind\n}',
    'one that goes on': 'for (;;) try { work() } catch { continue }',
    'one that only leaves': 'function f() { try { work() } catch (error) { return } }',
    'one that throws some alone': 'try { work() } catch (error) { if (bad(error)) throw error }',
    'one that notes some alone': `try { work() } catch (error) { if (a) log.failed('x', error) }`,
    'one that only looks at it': 'try { work() } catch (error) { const kind = kindOf(error) }',
    'one that does something else': 'try { work() } catch (error) { tidyUp() }',
    'an inner one': 'try { a() } catch (error) { try { b() } catch {} throw error }',
    'a promise’s handler': 'void work().catch(() => undefined)',
    'an empty one': 'void work().catch(() => {})',
    'one with void': 'void work().catch(() => void 0)',
    'one that answers null': 'const it = await work().catch(() => null)',
    'one in a block': 'void work().catch(() => { return undefined })',
    'the second of a then': 'work().then(go, () => undefined)',
    'one by its name': 'const ignore = () => undefined\nvoid work().catch(ignore)',
    'one whose comment stands elsewhere': '// why\n\nvoid work().catch(() => undefined)',
  }
  for (const [what, text] of Object.entries(silent)) {
    test(what, () => assert.equal(silencesIn(sourceFile('app/it.ts', text)).length, 1))
  }
})

describe('what is heard is left alone', () => {
  const heard: Record<string, string> = {
    'one that throws it': 'try { work() } catch (error) { throw error }',
    'one that throws another': `try { work() } catch { throw new Refused('not_found') }`,
    'one that throws or answers':
      'function f() { try { work() } catch (error) { if (bad(error)) throw error; return 1 } }',
    'one that answers a value': 'function f() { try { return work() } catch { return undefined } }',
    'one that notes': `try { work() } catch (error) { log.failed('it', error) }`,
    'one that notes no error': `try { work() } catch { services.log.warn('it') }`,
    'one that hands it on': 'try { work() } catch (error) { reject(error) }',
    'one that hands on what it made of it':
      'try { work() } catch (error) { const failed = new Failed(error); onFault(failed) }',
    'one that keeps it': 'try { work() } catch (error) { told = error }',
    'one that does so either way':
      'try { work() } catch (error) { if (bad) throw error; else failures.push(error) }',
    'a handler that notes': `void work().catch((error) => log.failed('it', error))`,
    'one that answers a value of a promise':
      'const ok = await work().then(() => true, () => false)',
    'one that was handed in': 'work().then(resolve, reject)',
    'one with its reason': '// It has been told.\nvoid work().catch(() => undefined)',
    'one with its reason within a chain': 'void work()\n  // Told.\n  .catch(() => undefined)',
    'what is no promise': 'const it = shape.then(1)',
  }
  for (const [what, text] of Object.entries(heard)) {
    test(what, () => assert.deepEqual(silencesIn(sourceFile('app/it.ts', text)), []))
  }
})
