import { mkdirSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build } from 'esbuild'

import { programOptions } from './bundle/programs.ts'
import { languagesForEsbuild } from './languages/plugins.ts'

/** Stands for `import.meta.url` in what is compiled: where the source lies, and not the program. */
const sourceUrl = 'urlOfTheSource'

function namesItsSource(code: string, path: string): string {
  if (!code.includes('import.meta.url')) return code
  // On the first line, so that every other line keeps its number.
  return `const ${sourceUrl} = ${JSON.stringify(pathToFileURL(path).href)};${code}`
}

/**
 * Makes a program of each test file, in `folder`; answers their paths, in the same order. Run as it
 * is, each of three hundred files would look up, read and translate some hundreds of others in its
 * own process, through a loader in a second thread. What a source says of where it lies stays true.
 */
export async function compileTests(files: string[], folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true })
  // Packages are found from where the programs lie.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  await build({
    ...programOptions,
    entryPoints: files,
    outdir: folder,
    outbase: '.',
    // Every module is run, whether or not what it exports is used, as without bundling.
    treeShaking: false,
    ignoreAnnotations: true,
    keepNames: true,
    define: { 'import.meta.url': sourceUrl },
    plugins: [languagesForEsbuild(namesItsSource)],
  })
  return files.map((file) => join(folder, file.replace(/\.ts$/, '.mjs')))
}
