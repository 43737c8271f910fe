import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

import { build, type Plugin } from 'esbuild'

import { programOptions } from './bundle/programs.ts'

/** Stands for `import.meta.url` in what is compiled: where the source lies, and not the program. */
const sourceUrl = 'urlOfTheSource'

const namesItsSource: Plugin = {
  name: 'names its source',
  setup(compilation) {
    compilation.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      if (!text.includes('import.meta.url')) return undefined
      const url = JSON.stringify(pathToFileURL(path).href)
      // On the first line, so that every other line keeps its number.
      const contents = `const ${sourceUrl} = ${url};${text}`
      return { contents, loader: path.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
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
    plugins: [namesItsSource],
  })
  return files.map((file) => join(folder, file.replace(/\.ts$/, '.mjs')))
}
