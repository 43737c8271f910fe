import type { Unit } from '../values/units.ts'
import type { Scale } from './numerals.ts'

/** Dollars a million, a thousand or an hour, in nano-dollars per million units. */
const aMillion: Scale = { zeros: 9 }
const aThousand: Scale = { zeros: 12 }
const anHour: Scale = { zeros: 15, over: 3_600n }

/** What each price of genai-prices is the price of. */
export const unitOf: Record<string, { unit: Unit; scale: Scale }> = {
  input_mtok: { unit: 'input', scale: aMillion },
  cache_read_mtok: { unit: 'cachedInput', scale: aMillion },
  cache_write_mtok: { unit: 'cacheWrite', scale: aMillion },
  cache_write_1h_mtok: { unit: 'cacheWrite1h', scale: aMillion },
  output_mtok: { unit: 'output', scale: aMillion },
  output_reasoning_mtok: { unit: 'reasoning', scale: aMillion },
  input_audio_mtok: { unit: 'inputAudio', scale: aMillion },
  cache_audio_read_mtok: { unit: 'cachedInputAudio', scale: aMillion },
  output_audio_mtok: { unit: 'outputAudio', scale: aMillion },
  input_image_mtok: { unit: 'inputImage', scale: aMillion },
  output_image_mtok: { unit: 'outputImage', scale: aMillion },
  input_mchars: { unit: 'characters', scale: aMillion },
  audio_hours: { unit: 'seconds', scale: anHour },
  input_audio_hours: { unit: 'seconds', scale: anHour },
  output_audio_hours: { unit: 'seconds', scale: anHour },
  web_searches_kcount: { unit: 'searches', scale: aThousand },
  requests_kcount: { unit: 'requests', scale: aThousand },
}

/**
 * Prices of parts that are counted here as the whole they belong to: they are no loss where they
 * are that whole's price. Where they are not, the model cannot be charged for as the list has it.
 */
export const chargedAs: Record<string, Unit> = {
  input_text_mtok: 'input',
  input_video_mtok: 'input',
  cache_text_read_mtok: 'cachedInput',
  cache_image_read_mtok: 'cachedInput',
  cache_video_read_mtok: 'cachedInput',
  cache_text_write_mtok: 'cacheWrite',
  cache_audio_write_mtok: 'cacheWrite',
  cache_image_write_mtok: 'cacheWrite',
  cache_write_5m_mtok: 'cacheWrite',
  output_text_mtok: 'output',
  output_video_mtok: 'output',
  output_citation_mtok: 'output',
}

/**
 * What no call that is let through can use: tools that the upstream runs by itself are refused
 * (docs/decisions/0016), and an operator who allows one pays for it. A model that has such a price
 * is imported without it.
 */
export const neverUsed = new Set([
  'storage_searches_kcount',
  'social_searches_kcount',
  'code_executions_kcount',
])
