import { plainAnswer, plainQuestion, streamedAnswer, streamedQuestion } from '../answers.ts'
import type { Ground } from '../ground.ts'
import { benchAttack } from './attack.ts'
import { benchDialects } from './dialects.ts'
import { benchProxies } from './proxies.ts'
import { benchFailover } from './failover.ts'
import { benchFirstByte } from './first-byte.ts'
import { benchGrow } from './grow.ts'
import { benchHot } from './hot.ts'
import { benchLedger } from './ledger.ts'
import { benchLimits } from './limits.ts'
import { benchMemory } from './memory.ts'
import { benchPaced } from './paced.ts'
import { benchPages } from './pages.ts'
import { benchReplicas } from './replicas.ts'
import { benchShards } from './shards.ts'
import { benchStatements } from './statements.ts'
import { benchUsage } from './history.ts'
import { benchVersions } from './versions.ts'

/** Every benchmark by name, in the order in which all are run. Each answers lines of Markdown. */
export const cases: Record<string, (ground: Ground) => Promise<string[]>> = {
  plain: (ground) =>
    benchProxies(ground, {
      type: 'application/json',
      answer: plainAnswer,
      body: plainQuestion,
      connections: [1, 32, 128],
      goals: { 32: { portkey: 4, bare: 0.35 }, 128: { portkey: 4, bare: 0.5 } },
    }),
  stream: (ground) =>
    benchProxies(ground, {
      type: 'text/event-stream',
      answer: streamedAnswer,
      body: streamedQuestion,
      connections: [32, 128],
      withoutPortkey:
        'Portkey 1.15.2 answers every streamed call with 500 on this Node (“TypeError: immutable”, where it adds a header to what fetch gave it), so it is left out.',
      goals: { 32: { bare: 0.35 }, 128: { bare: 0.5 } },
    }),
  dialects: benchDialects,
  paced: benchPaced,
  hot: benchHot,
  limits: benchLimits,
  ledger: benchLedger,
  'first-byte': benchFirstByte,
  memory: benchMemory,
  grow: benchGrow,
  pages: benchPages,
  replicas: benchReplicas,
  shards: benchShards,
  statements: benchStatements,
  usage: benchUsage,
  attack: benchAttack,
  failover: benchFailover,
  versions: benchVersions,
}
