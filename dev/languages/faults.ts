import { compileMessage, type CompiledMessage } from '@lingui/message-utils/compileMessage'
import type { Entry } from './catalogue.ts'

/** What a text has besides words: the names of what is put in, and the elements around parts of it. */
function partsOf(tokens: CompiledMessage): string[] {
  return tokens.flatMap((token) => {
    if (typeof token === 'string') return token.match(/<\/?\d+\/?>/g) ?? []
    const [name, , format] = token
    const choices = format && typeof format === 'object' ? Object.values(format) : []
    return [`{${name}}`, ...choices.flatMap((it) => (Array.isArray(it) ? partsOf(it) : []))]
  })
}

const distinct = (parts: string[]) => [...new Set(parts)].sort().join(' ')

/** Chinese sentences end, pause and ask by signs of their own. */
const halfWide = /\p{Script=Han}[,.;:?!]/u

/** What is wrong with a translation, as sentences; empty where nothing is. */
export function faultsOf({ text, translation, places }: Entry): string[] {
  const where = `${places[0]}: ${text}`
  if (translation === '') return [`${where} is not translated.`]
  const broken: string[] = []
  const read = (message: string) => {
    try {
      return distinct(partsOf(compileMessage(message)))
    } catch (error) {
      broken.push(`${where} cannot be read: ${String(error)}`)
      return ''
    }
  }
  const [wanted, found] = [read(text), read(translation)]
  if (broken.length > 0) return broken
  return [
    ...(wanted === found ? [] : [`${where} has ${wanted}, and its translation ${found}.`]),
    ...(halfWide.test(translation)
      ? [`${where} has a sign of half width behind a Chinese one.`]
      : []),
  ]
}
