import { addVerb } from './add.ts'
import { handVerbs } from './breakers.ts'
import { upstreamKeyVerbs } from './keys.ts'
import { listVerb } from './list.ts'
import { servedVerbs } from './served.ts'
import { setVerb } from './set.ts'
import { presetsVerb, showVerb } from './show.ts'
import { testVerb } from './try.ts'

export const upstreamVerbs = [
  presetsVerb,
  addVerb,
  listVerb,
  showVerb,
  setVerb,
  testVerb,
  ...handVerbs,
  ...servedVerbs,
  ...upstreamKeyVerbs,
]
