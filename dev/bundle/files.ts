import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** All files below a folder, or the file itself, in a stable order; nothing where nothing is. */
export function listFiles(
  path: string,
  isWanted: (path: string) => boolean = () => true,
): string[] {
  if (!existsSync(path) || !isWanted(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  const names = readdirSync(path).sort()
  return names.flatMap((name) => listFiles(join(path, name), isWanted))
}

/** Copies what `listFiles` lists, to the same places below another path. */
export function copyFiles(from: string, to: string, isWanted?: (path: string) => boolean): void {
  for (const file of listFiles(from, isWanted)) {
    const target = to + file.slice(from.length)
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(file, target)
  }
}
