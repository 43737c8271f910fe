import { Refused } from '../errors/refusal.ts'
import type { KeyHeaders } from './secret.ts'

/** Without a word behind `Bearer` there is no key either. */
const isBlank = (text: string | null) => text === null || /^(?:Bearer)?\s*$/i.test(text)

/** What whoever comes without a key that works is told: another thing where they sent none at all. */
export function refusedKey({ header }: KeyHeaders): Refused {
  if (!isBlank(header('authorization')) || !isBlank(header('x-api-key')))
    return new Refused('invalid_api_key')
  const message = 'You did not provide an API key. Send `Authorization: Bearer …` or `x-api-key`.'
  return new Refused('invalid_api_key', { message })
}
