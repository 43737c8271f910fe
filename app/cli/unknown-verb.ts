import { limits } from '../config/limits.ts'
import { nearest } from '../values/nearest.ts'

const { unknownCharsMax } = limits.cli

/** Of these verbs the one that the words most likely mean. */
const nearestVerb = (words: string[], names: readonly string[]) =>
  nearest(names, (name) =>
    words.slice(0, name.split(' ').length).join(' ').slice(0, unknownCharsMax),
  )

/** What a command says that names none of these verbs: one line, with what is likely meant. */
export function unknownVerb(args: string[], names: readonly string[], calledAs: string): string {
  const help = `see help: ${calledAs} help`
  const end = args.findIndex((arg) => arg.startsWith('-'))
  const words = end < 0 ? args : args.slice(0, end)
  const [first] = words
  if (first === undefined) return `A verb is missing; ${help}`
  const alike = names.filter((name) => name.startsWith(`${first} `))
  const likely = nearestVerb(words, alike) ?? nearestVerb(words, names)
  const given = words
    .slice(0, alike.length > 0 ? 2 : 1)
    .join(' ')
    .slice(0, unknownCharsMax)
  if (likely !== undefined) return `There is no verb "${given}"; "${likely}" is near; ${help}`
  if (alike.length === 0) return `There is no verb "${given}"; ${help}`
  return `There is no verb "${given}"; there are ${alike.join(', ')}; ${help} ${first}`
}
