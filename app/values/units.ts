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
type OtherUnit = Exclude<Unit, 'input' | 'cachedInput' | 'cacheWrite' | 'output' | 'reasoning'>
/** How much was used of them; what is absent was not used, and none is 0. */
export type OtherUnits = Partial<Record<OtherUnit, number>>
