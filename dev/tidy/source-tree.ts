import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type SourceFile = { path: string; text: string; lines: string[] }

const leftOut = new Set(['node_modules', 'build', '.data', '.git', 'bench', 'test-results'])

/** Every file below `folder` that ends in one of `endings`, with paths as git writes them. */
export function readTree(folder: string, endings: string[]): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return readTree(path, endings)
    if (!endings.some((ending) => path.endsWith(ending))) return []
    const text = readFileSync(path, 'utf8')
    return [{ path, text, lines: text.split('\n') }]
  })
}

/** Relative imports of a file, resolved to paths from the project's root. */
export function importsOf({ path, text }: SourceFile): string[] {
  const found = text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)
  return [...found].map((match) => join(path, '..', match[1]!))
}
