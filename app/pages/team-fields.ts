import type { MessageDescriptor } from '@lingui/core'
import { z } from 'zod'
import { charactersIn } from '../values/characters.ts'
import { msg } from '../values/language/msg.ts'
import { parseUsd } from '../values/money.ts'

/** What is wrong with a field is a text, which its issue has in `params`. */
const wrong = (text: MessageDescriptor) => ({ code: 'custom' as const, params: { text } })

/** What the issue of one of these fields says. */
export const issueText = (issue: z.core.$ZodIssue): MessageDescriptor =>
  issue.code === 'custom' && issue.params?.text
    ? (issue.params.text as MessageDescriptor)
    : msg`This is not valid.`

type LineFaults = { tooLong: MessageDescriptor; unseen: MessageDescriptor }

/** A line of visible characters, or nothing, which is null: it is printed in terminals as well. */
export const lineField = (charsMax: number, { tooLong, unseen }: LineFaults) =>
  z.string().transform((typed, context): string | null => {
    const text = typed.trim()
    if (charactersIn(text) > charsMax) context.addIssue(wrong(tooLong))
    else if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text)) context.addIssue(wrong(unseen))
    else return text || null
    return z.NEVER
  })

/** The same, which has to be there. */
export const neededLineField = (
  charsMax: number,
  { missing, ...faults }: LineFaults & { missing: MessageDescriptor },
) =>
  lineField(charsMax, faults).transform((text, context): string => {
    if (text !== null) return text
    context.addIssue(wrong(missing))
    return z.NEVER
  })

/** Dollars a month as nano-dollars; nothing is null, which is no cap. */
export const capField = z.string().transform((text, context): number | null => {
  if (text.trim() === '') return null
  const nanos = parseUsd(text.trim())
  if (nanos !== undefined && nanos >= 1) return nanos
  context.addIssue(wrong(msg`Write dollars such as 5 or 0.25, more than 0, or nothing.`))
  return z.NEVER
})
