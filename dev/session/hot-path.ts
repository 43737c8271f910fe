import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, watch } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { build } from 'esbuild'

/**
 * Watches what the relay's own process has loaded, as Vite watches the pages: the modules that
 * server.ts imports, and the statements. `tell` hears of each that is not any more as it was loaded.
 */
export async function watchHotPath(tell: (path: string) => void, root = '.'): Promise<() => void> {
  const files = [...(await modulesOf(root)), ...statementsIn(join(root, 'sql'))]
  const loaded = new Map(files.map((file) => [file, digestOf(file)]))
  const told = new Map<string, string>()
  const look = (file: string) => {
    const digest = digestOf(file)
    if (!loaded.has(file) || told.get(file) === digest) return
    told.set(file, digest)
    if (digest !== loaded.get(file)) tell(relative(root, file))
  }
  const folders = [...new Set(files.map(dirname))]
  const watchers = folders.map((folder) =>
    watch(folder, (_, name) => name !== null && look(join(folder, name))),
  )
  return () => watchers.forEach((watcher) => watcher.close())
}

/** The files that end up in the process, packages apart. */
async function modulesOf(root: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ['server.ts'],
    absWorkingDir: join(process.cwd(), root),
    bundle: true,
    metafile: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  return Object.keys(metafile.inputs).map((path) => join(root, path))
}

function statementsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Of what is there; a file that is being replaced is empty for a moment, or gone. */
function digestOf(file: string): string {
  const content = existsSync(file) ? readFileSync(file) : ''
  return createHash('sha256').update(content).digest('hex')
}
