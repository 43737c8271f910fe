import { floorOf, roomOf } from './house.ts'
import { isTest, type SourceFile } from './source-tree.ts'
import { importsOf } from './syntax.ts'

/** Who takes something from whom. */
type Arrows = Map<string, Set<string>>

/**
 * Arrows between files, or as much of it as lies in the project. Tests look at the house from
 * outside: they may take what they like, and nobody takes anything from them.
 */
export function arrowsBetweenFiles(code: SourceFile[]): Arrows {
  const written = code.filter((file) => !isTest(file))
  return new Map(written.map((file) => [file.path, new Set(importsOf(file))]))
}

export function arrowsBetweenRooms(files: Arrows): Arrows {
  const arrows: Arrows = new Map()
  for (const [from, to] of pairs(files)) {
    const [a, b] = [roomOf(from), roomOf(to)]
    if (a === undefined || b === undefined || a === b) continue
    arrows.set(a, (arrows.get(a) ?? new Set()).add(b))
  }
  return arrows
}

/** Imports between files whose rooms do not lie one above the other. */
export function arrowsUp(files: Arrows): string[] {
  return pairs(files)
    .filter(([from, to]) => !goesDown(roomOf(from), roomOf(to)))
    .map(([from, to]) => `${from} imports ${to}`)
}

function goesDown(from: string | undefined, to: string | undefined): boolean {
  // A file without a room fails a test of its own.
  if (from === undefined || to === undefined || from === to) return true
  return floorOf(to) < floorOf(from)
}

/** Each set of places that all lead to one another, in the order of their names. */
export function circles(arrows: Arrows): string[][] {
  const reached = new Map([...arrows.keys()].map((from) => [from, reachedFrom(from, arrows)]))
  const inCircle = [...arrows.keys()].filter((at) => reached.get(at)?.has(at)).sort()
  const circleOf = (at: string) =>
    inCircle.filter((other) => reached.get(at)?.has(other) && reached.get(other)?.has(at))
  const found = new Map(inCircle.map(circleOf).map((circle) => [circle.join(), circle]))
  return [...found.values()]
}

function reachedFrom(start: string, arrows: Arrows): Set<string> {
  const reached = new Set<string>()
  const ahead = [...(arrows.get(start) ?? [])]
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    if (reached.has(at)) continue
    reached.add(at)
    ahead.push(...(arrows.get(at) ?? []))
  }
  return reached
}

function pairs(arrows: Arrows): [string, string][] {
  return [...arrows].flatMap(([from, targets]) =>
    [...targets].map((to): [string, string] => [from, to]),
  )
}
