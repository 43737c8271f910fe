import { readFile } from 'node:fs/promises'
import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as VitePlugin } from 'vite'
import { languages } from '../../app/values/language/languages.ts'
import { catalogueFiles, compileCatalogue, translated } from './catalogue.ts'
import { expandMacros, hasMacros } from './macros.ts'

const catalogueName = /^virtual:catalogue\/(.+)$/

/** The module of a language's catalogue, by the name that it is imported by. */
function catalogueModule(name: string): string {
  const language = languages.find((it) => it === catalogueName.exec(name)?.[1])
  if (!language) throw new Error(`There is no language for ${name}.`)
  // As a string, which browsers read several times as quickly as a literal.
  const json = JSON.stringify(JSON.stringify(compileCatalogue(language)))
  return `export const messages = JSON.parse(${json})`
}

/** The texts of the pages, for the programs and the tests; `change` is what else is done to a source. */
export const languagesForEsbuild = (
  change: (code: string, path: string) => string = (code) => code,
): EsbuildPlugin => ({
  name: 'languages',
  setup(compilation) {
    compilation.onResolve({ filter: catalogueName }, ({ path }) => ({
      path,
      namespace: 'catalogue',
    }))
    compilation.onLoad({ filter: /.*/, namespace: 'catalogue' }, ({ path }) => ({
      contents: catalogueModule(path),
      loader: 'js',
    }))
    compilation.onLoad({ filter: /\.tsx?$/ }, async ({ path }) => {
      if (path.includes('node_modules')) return undefined
      const source = await readFile(path, 'utf8')
      const loader = path.endsWith('x') ? 'tsx' : 'ts'
      if (!hasMacros(source)) return { contents: change(source, path), loader }
      const { code, map } = await expandMacros(source, path)
      const inline = Buffer.from(JSON.stringify(map)).toString('base64')
      const comment = `//# sourceMappingURL=data:application/json;base64,${inline}`
      return { contents: `${change(code, path)}\n${comment}`, loader }
    })
  },
})

/**
 * The same for the pages. A build has of each text its id alone, and each catalogue is a file of its
 * own, so that a browser is sent one language.
 */
export function languagesForVite(): VitePlugin {
  let isStripped = false
  return {
    name: 'languages',
    enforce: 'pre',
    configResolved({ command }) {
      isStripped = command === 'build'
    },
    resolveId: (id) => (catalogueName.test(id) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith('\0virtual:catalogue/')) return undefined
      for (const file of translated.flatMap(catalogueFiles)) this.addWatchFile(file)
      return catalogueModule(id.slice(1))
    },
    async transform(code, id) {
      const [path = ''] = id.split('?')
      if (!/\.tsx?$/.test(path) || path.includes('node_modules') || !hasMacros(code))
        return undefined
      const expanded = await expandMacros(code, path, { isStripped })
      return { code: expanded.code, map: expanded.map as null }
    },
  }
}
