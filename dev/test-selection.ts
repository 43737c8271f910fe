import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { CannotContinue } from './command/announce.ts'

/** Which files a run of `npm test` covers. */
export type TestSelection = {
  unit: string[]
  browser: string[]
  /** Whether a word narrowed the run down, as in `npm test -- ledger`. */
  isPartial: boolean
}

/** Where tests lie beside what they test. */
const testFolders = ['app', 'dev', 'test']

/** Reads `[word…] [--no-e2e]`: a file is chosen when its path contains one of the words. */
export function selectTests(args: string[], root = '.'): TestSelection {
  const { words, isWithBrowser } = parse(args)
  const isChosen = (path: string) => words.length === 0 || words.some((word) => path.includes(word))
  const list = (folder: string, ending: string) =>
    listFiles(root, folder)
      .filter((path) => path.endsWith(ending))
      .filter(isChosen)
      .sort()
  const selection = {
    unit: testFolders.flatMap((folder) => list(folder, '.test.ts')),
    browser: isWithBrowser ? list('e2e', '.spec.ts') : [],
    isPartial: words.length > 0,
  }
  if (selection.unit.length + selection.browser.length === 0) {
    throw new CannotContinue(`No test file's path contains ${words.join(' or ')}.`)
  }
  return selection
}

function parse(args: string[]): { words: string[]; isWithBrowser: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'no-e2e': { type: 'boolean', default: false } },
    })
    return { words: positionals, isWithBrowser: !values['no-e2e'] }
  } catch (error) {
    throw new CannotContinue(`npm test -- [word…] [--no-e2e]: ${(error as Error).message}`)
  }
}

function listFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? listFiles(root, path) : [path]
  })
}
