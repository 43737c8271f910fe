import type { Unit } from '../../values/units.ts'

/** What a unit is called where prices are typed and listed. */
export const unitWords = {
  input: 'input',
  cachedInput: 'cached',
  cacheWrite: 'cache-write',
  cacheWrite1h: 'cache-write-1h',
  output: 'output',
  reasoning: 'reasoning',
  inputAudio: 'input-audio',
  cachedInputAudio: 'cached-audio',
  outputAudio: 'output-audio',
  inputImage: 'input-image',
  outputImage: 'output-image',
  searches: 'searches',
  requests: 'requests',
  seconds: 'seconds',
  characters: 'characters',
  images: 'images',
} as const satisfies Record<Unit, string>

const byWord = new Map(Object.entries(unitWords).map(([unit, word]) => [word as string, unit]))
export const unitOf = (word: string): Unit | undefined => byWord.get(word) as Unit | undefined
