import { z } from 'zod'
import { charactersIn } from '../values/characters.ts'
import { parseUsd } from '../values/money.ts'

/** A line of visible characters, or nothing, which is null: it is printed in terminals as well. */
export const lineField = (what: string, charsMax: number) =>
  z
    .string()
    .trim()
    .refine((text) => charactersIn(text) <= charsMax, `${what} has at most ${charsMax} characters.`)
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, `${what} must be one line of visible characters.`)
    .transform((text) => text || null)

/** Dollars a month as nano-dollars; nothing is null, which is no cap. */
export const capField = z.string().transform((text, context): number | null => {
  if (text.trim() === '') return null
  const nanos = parseUsd(text.trim())
  if (nanos !== undefined && nanos >= 1) return nanos
  const message = 'Write dollars such as 5 or 0.25, more than 0, or nothing.'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})
