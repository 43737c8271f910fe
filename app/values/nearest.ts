/**
 * How many letters must be put in, taken out or exchanged to make one text of the other; two that
 * have changed places are one fault.
 */
function distance(from: string, to: string): number {
  let above: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  for (let i = 0; i < from.length; i++) {
    const before = above
    above = row
    row = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const exchanged = (above[j] ?? 0) + (from[i] === to[j] ? 0 : 1)
      const isTurned = i > 0 && j > 0 && from[i] === to[j - 1] && from[i - 1] === to[j]
      const turned = isTurned ? (before[j - 1] ?? 0) + 1 : Infinity
      row.push(Math.min(exchanged, turned, (above[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1))
    }
  }
  return row[to.length] ?? 0
}

/** With more faults than one in three letters somebody meant something else. */
const faultsMax = (name: string) => Math.max(1, Math.floor(name.length / 3))

/**
 * Of these names the one that somebody most likely meant; undefined where none is near. `given` says
 * what of it is to be compared with a name.
 */
export function nearest(
  names: readonly string[],
  given: string | ((name: string) => string),
): string | undefined {
  const near = names
    .map((name) => {
      const typed = typeof given === 'string' ? given : given(name)
      return { name, faults: distance(typed.toLowerCase(), name.toLowerCase()) }
    })
    .filter(({ name, faults }) => faults <= faultsMax(name))
    .sort((a, b) => a.faults - b.faults)
  return near[0]?.name
}
