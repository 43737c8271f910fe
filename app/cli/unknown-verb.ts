import { limits } from '../config/limits.ts'

/** How many letters must be put in, taken out or exchanged to make one text of the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (const [i, letter] of [...from].entries()) {
    const above = row
    row = [i + 1]
    for (const [j, other] of [...to].entries()) {
      const exchanged = (above[j] ?? 0) + (letter === other ? 0 : 1)
      row.push(Math.min(exchanged, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
  }
  return row[to.length] ?? 0
}

/** With more faults than one in three letters somebody meant something else. */
const faultsMax = (name: string) => Math.max(1, Math.floor(name.length / 3))
const { unknownCharsMax } = limits.cli

/** Of these names the one that the words most likely mean; undefined where none is near. */
function nearest(words: string[], names: readonly string[]): string | undefined {
  const near = names
    .map((name) => {
      const given = words.slice(0, name.split(' ').length).join(' ')
      return { name, faults: distance(given.toLowerCase().slice(0, unknownCharsMax), name) }
    })
    .filter(({ name, faults }) => faults <= faultsMax(name))
    .sort((a, b) => a.faults - b.faults)
  return near[0]?.name
}

/** What a command says that names none of these verbs: one line, with what is likely meant. */
export function unknownVerb(args: string[], names: readonly string[], calledAs: string): string {
  const help = `see help: ${calledAs} help`
  const end = args.findIndex((arg) => arg.startsWith('-'))
  const words = end < 0 ? args : args.slice(0, end)
  const [first] = words
  if (first === undefined) return `A verb is missing; ${help}`
  const alike = names.filter((name) => name.startsWith(`${first} `))
  const likely = nearest(words, alike) ?? nearest(words, names)
  const given = words
    .slice(0, alike.length > 0 ? 2 : 1)
    .join(' ')
    .slice(0, unknownCharsMax)
  if (likely !== undefined) return `There is no verb "${given}"; "${likely}" is near; ${help}`
  if (alike.length === 0) return `There is no verb "${given}"; ${help}`
  return `There is no verb "${given}"; there are ${alike.join(', ')}; ${help} ${first}`
}
