/**
 * What can be used of a model, by the name that its price has. Tokens that are cached, written,
 * sound or pictures are part of all the input, and reasoning, sound and pictures of all the output.
 */
export const units = [
  'input',
  'cachedInput',
  'cacheWrite',
  /** Written so that it stays for an hour; part of all that is written. */
  'cacheWrite1h',
  'output',
  'reasoning',
  'inputAudio',
  'cachedInputAudio',
  'outputAudio',
  'inputImage',
  'outputImage',
  'searches',
  'requests',
  'seconds',
  'characters',
  'images',
] as const
export type Unit = (typeof units)[number]

/** Those for which a call has no column of its own. */
export type OtherUnit = Exclude<
  Unit,
  'input' | 'cachedInput' | 'cacheWrite' | 'output' | 'reasoning'
>
/** How much was used of them; what is absent was not used, and none is 0. */
export type OtherUnits = Partial<Record<OtherUnit, number>>

/** For how many of a unit people say a price: tokens and characters are cheap, pictures are not. */
export const saidFor: Record<Unit, 1 | 1_000 | 1_000_000> = {
  input: 1_000_000,
  cachedInput: 1_000_000,
  cacheWrite: 1_000_000,
  cacheWrite1h: 1_000_000,
  output: 1_000_000,
  reasoning: 1_000_000,
  inputAudio: 1_000_000,
  cachedInputAudio: 1_000_000,
  outputAudio: 1_000_000,
  inputImage: 1_000_000,
  outputImage: 1_000_000,
  searches: 1_000,
  requests: 1_000,
  seconds: 1,
  characters: 1_000_000,
  images: 1,
}
/** What a unit is called where programs read it. */
export const unitCodes = {
  input: 'input',
  cachedInput: 'cached_input',
  cacheWrite: 'cache_write',
  cacheWrite1h: 'cache_write_1h',
  output: 'output',
  reasoning: 'reasoning',
  inputAudio: 'input_audio',
  cachedInputAudio: 'cached_input_audio',
  outputAudio: 'output_audio',
  inputImage: 'input_image',
  outputImage: 'output_image',
  searches: 'searches',
  requests: 'requests',
  seconds: 'seconds',
  characters: 'characters',
  images: 'images',
} satisfies Record<Unit, string>
export const saidForWords = { 1: 'each', 1_000: 'a thousand', 1_000_000: 'a million' } as const
export type SaidForWord = (typeof saidForWords)[keyof typeof saidForWords]
