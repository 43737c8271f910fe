import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export type SourceFile = { path: string; text: string; lines: string[] }

const leftOut = new Set(['node_modules', 'build', '.data', '.git', 'test-results'])
const codeEndings = ['.ts', '.tsx', '.mjs']

/** The top folders that hold code; what lies beside them at the top is named one by one. */
const codeFolders = ['app', 'dev', 'test', 'e2e', 'bench', 'proof']
const codeAtTheTop = ['server.ts', 'vite.config.ts', 'playwright.config.ts', 'eslint.config.js']

/** A file as the checks see it, also one that was made up to try a check. */
export function sourceFile(path: string, text: string): SourceFile {
  return { path, text, lines: text.split('\n') }
}

/** Every file below `folder` that ends in one of `endings`, with paths as git writes them. */
export function readTree(folder: string, endings: string[]): SourceFile[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (leftOut.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return readTree(path, endings)
    if (!endings.some((ending) => path.endsWith(ending))) return []
    return [sourceFile(path, readFileSync(path, 'utf8'))]
  })
}

/** All code of the project that somebody wrote, in whatever folder. */
export function readCode(): SourceFile[] {
  const below = codeFolders.flatMap((folder) => readTree(folder, codeEndings))
  const atTheTop = codeAtTheTop.map((path) => sourceFile(path, readFileSync(path, 'utf8')))
  return [...below, ...atTheTop].filter(({ path }) => !path.endsWith('.gen.ts'))
}

export const readSql = () => readTree('sql', ['.sql'])

export const isTest = ({ path }: SourceFile) => /\.(test|spec)\.tsx?$/.test(path)

/** What goes into the build. */
export const ships = (file: SourceFile) =>
  !isTest(file) && (file.path.startsWith('app/') || file.path === 'server.ts')
