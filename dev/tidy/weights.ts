import { dirname } from 'node:path'
import { isTest, type SourceFile } from './source-tree.ts'

/** The most that one top folder, or one room of app/, may hold of all lines beside the tests. */
const shareMax = 0.18
/** A folder with more than this is a drawer, not a room. */
export const filesDirectlyMax = 25

/**
 * The lines of each top folder and of each room of app/, with all that lies below it, by its path.
 * The whole is all code and all SQL beside the tests and what is generated.
 */
function weigh(files: SourceFile[]): Map<string, number> {
  const weights = new Map<string, number>()
  for (const file of files.filter((it) => !isTest(it))) {
    const place = placeOf(file.path)
    weights.set(place, (weights.get(place) ?? 0) + linesOf(file))
  }
  return weights
}

export function tooHeavy(files: SourceFile[]): string[] {
  const weights = weigh(files)
  const whole = [...weights.values()].reduce((sum, lines) => sum + lines, 0)
  return [...weights]
    .filter(([, lines]) => lines > whole * shareMax)
    .map(([place, lines]) => `${place}: ${lines} of ${whole} lines`)
}

/** Folders with too many files of their own. Migrations grow with every release, in one row. */
export function tooFull(files: SourceFile[]): string[] {
  const counts = new Map<string, number>()
  for (const file of files.filter((it) => !isTest(it))) {
    const folder = dirname(file.path)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  return [...counts]
    .filter(([folder, count]) => count > filesDirectlyMax && folder !== 'sql/migrations')
    .map(([folder, count]) => `${folder}: ${count} files`)
}

/** A text ends with its last line's end, which begins no other line. */
export const linesOf = ({ lines }: SourceFile) => lines.length - 1

function placeOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'app' ? `app/${second}` : top
}
