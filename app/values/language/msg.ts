import type { MessageDescriptor } from '@lingui/core'

/**
 * A text that is said later, in the language of whoever reads it then: `msg\`Not ${name}\``. Builds
 * and tests put what Lingui's own macro makes of it in its place, which is found in the catalogues.
 * Run as it is, in the command line of a checkout, it is the English one.
 */
export function msg(texts: TemplateStringsArray, ...values: unknown[]): MessageDescriptor {
  const message = texts.reduce((text, next, at) => `${text}{${at - 1}}${next}`)
  return { id: message, message, values: Object.fromEntries(values.entries()) }
}

/** Says a text without placeholders in English, for the command line and the API. */
export const inEnglish = ({ message, id }: MessageDescriptor): string => message ?? id
