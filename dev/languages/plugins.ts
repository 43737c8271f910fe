import { readFile } from 'node:fs/promises'
import { basename, relative } from 'node:path'
import type { Plugin as EsbuildPlugin } from 'esbuild'
import type { Plugin as VitePlugin } from 'vite'
import { languages } from '../../app/values/language/languages.ts'
import { catalogueFiles, compileCatalogue, subjectsOfPages, translated } from './catalogue.ts'
import { catalogueOf } from './extract.ts'
import { expandMacros, hasMacros } from './macros.ts'

/** All texts, those that every page may say, or those of one subject of pages. */
const catalogueName = /^virtual:catalogue\/([a-z]{2}(?:-[A-Z]{2})?)(?:-(shared|of-[a-z-]+))?$/
const textsName = /^virtual:texts\/([a-z-]+)$/

/** The module of a language's catalogue, by the name that it is imported by. */
function catalogueModule(name: string): string {
  const [, of, part = 'all'] = catalogueName.exec(name) ?? []
  const language = languages.find((it) => it === of)
  if (!language) throw new Error(`There is no language for ${name}.`)
  const ofPages = part === 'shared' ? subjectsOfPages() : []
  const isWanted = (path: string) => {
    const subject = basename(path, '.po')
    return (
      part === 'all' || (part === 'shared' ? !ofPages.includes(subject) : part === `of-${subject}`)
    )
  }
  // As a string, which browsers read several times as quickly as a literal.
  const json = JSON.stringify(JSON.stringify(compileCatalogue(language, isWanted)))
  return `export const messages = JSON.parse(${json})`
}

/** What a source of a page waits for in a browser: the texts of its subject, in the page's language. */
function textsModule(subject: string): string {
  const loaders = languages.map(
    (it) => `'${it}': () => import('virtual:catalogue/${it}-of-${subject}')`,
  )
  return `import { learn } from '/app/ui/language/learn.ts'
import { languageOfPage } from '/app/ui/language/of-page.ts'
const language = languageOfPage()
const { messages } = await { ${loaders.join(', ')} }[language]()
learn(language, messages)`
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
 * The same for the pages. A build has of each text its id alone, and each catalogue is a file of
 * its own, so that a browser is sent one language; of that what every page may say, and what its
 * page does.
 */
export function languagesForVite(): VitePlugin {
  let isStripped = false
  let root = ''
  /** The subject of a page's source whose texts are not sent with every page. */
  const ofPage = (path: string) => {
    const name = catalogueOf(relative(root, path))
    return subjectsOfPages().includes(name) ? name : undefined
  }
  return {
    name: 'languages',
    enforce: 'pre',
    configResolved(config) {
      isStripped = config.command === 'build'
      root = config.root
    },
    resolveId: (id) => (catalogueName.test(id) || textsName.test(id) ? `\0${id}` : undefined),
    load(id) {
      const [, subject] = textsName.exec(id.slice(1)) ?? []
      if (subject !== undefined) return textsModule(subject)
      if (!id.startsWith('\0virtual:catalogue/')) return undefined
      for (const file of translated.flatMap(catalogueFiles)) this.addWatchFile(file)
      return catalogueModule(id.slice(1))
    },
    async transform(code, id, options) {
      const [path = ''] = id.split('?')
      if (!/\.tsx?$/.test(path) || path.includes('node_modules') || !hasMacros(code))
        return undefined
      const expanded = await expandMacros(code, path, { isStripped })
      const subject = options?.ssr ? undefined : ofPage(path)
      // On the first line, so that every other line keeps its number.
      const waits = subject === undefined ? '' : `import 'virtual:texts/${subject}';`
      return { code: waits + expanded.code, map: expanded.map as null }
    },
  }
}
