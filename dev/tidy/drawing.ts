import { arrowsBetweenFiles, arrowsBetweenRooms } from './arrows.ts'
import { floors, roomOf } from './house.ts'
import { isTest, type SourceFile } from './source-tree.ts'
import { linesOf } from './weights.ts'

/** The house as text, highest floor first, as a house is looked at: rooms, sizes, arrows. */
export function draw(code: SourceFile[]): string {
  const arrows = arrowsBetweenRooms(arrowsBetweenFiles(code))
  const written = code.filter((file) => !isTest(file))
  const drawRoom = (room: string) => {
    const files = written.filter(({ path }) => roomOf(path) === room)
    const lines = files.reduce((sum, file) => sum + linesOf(file), 0)
    const targets = [...(arrows.get(room) ?? [])].sort().join(' ')
    const size = `${lines} lines, ${files.length} ${files.length === 1 ? 'file' : 'files'}`
    return `  ${room.padEnd(22)} ${size.padEnd(21)} ${targets && `-> ${targets}`}`.trimEnd()
  }
  return floors
    .map((floor, height) => [`floor ${height}`, ...floor.map(({ at }) => drawRoom(at))].join('\n'))
    .reverse()
    .join('\n')
}
