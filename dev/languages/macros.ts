import { transformAsync, type ParserOptions } from '@babel/core'
import extractMessages from '@lingui/babel-plugin-extract-messages'
import linguiMacro from '@lingui/babel-plugin-lingui-macro'

/** How a text of a page is written for later is Lingui's own macro; see `values/language/msg.ts`. */
const ofOurMsg = /(['"])(?:\.{1,2}\/)+(?:[\w.-]+\/)*language\/msg\.ts\1/
const ofLingui = /['"]@lingui\/(?:core|react)\/macro['"]/

/** Whether a source has texts that a macro has to be put in place of. */
export const hasMacros = (code: string): boolean => ofOurMsg.test(code) || ofLingui.test(code)

/** A text as it stands in a source. */
type Found = {
  id: string
  message: string
  context?: string
  /** What stands in the source for what the text has in braces. */
  placeholders: Record<string, string>
}

const linguiConfig = {
  locales: [],
  macro: { corePackage: ['@lingui/core/macro'], jsxPackage: ['@lingui/react/macro'] },
  runtimeConfigModule: {
    i18n: ['@lingui/core', 'i18n'],
    useLingui: ['@lingui/react', 'useLingui'],
    Trans: ['@lingui/react', 'Trans'],
  },
}

const pluginsFor = (path: string): ParserOptions['plugins'] =>
  path.endsWith('x') ? ['typescript', 'jsx'] : ['typescript']

/** `msg` is imported of its macro; what else its module has stays where it is. */
const withLinguisMsg = (code: string) =>
  code.replace(
    /import \{([^}]*)\} from (['"])((?:\.{1,2}\/)+(?:[\w.-]+\/)*language\/msg\.ts)\2/,
    (_all, names: string, quote: string, from: string) => {
      const taken = names.split(',').map((name) => name.trim())
      const others = taken.filter((name) => name !== 'msg' && name !== '')
      const ours = others.length
        ? `import { ${others.join(', ')} } from ${quote}${from}${quote};`
        : ''
      const lingui = taken.includes('msg') ? `import { msg } from '@lingui/core/macro'` : ''
      // Whatever the formatter has broken stays as many lines.
      return `${ours}${lingui}${'\n'.repeat(names.split('\n').length - 1)}`
    },
  )

type Expanded = { code: string; map: object | null }

/**
 * Puts what the macros stand for in their place, which leaves the rest of a source, its types and
 * its JSX as they are. `isStripped` keeps of each text its id alone, which is found in a catalogue.
 */
export async function expandMacros(
  code: string,
  path: string,
  { isStripped = false, onFound }: { isStripped?: boolean; onFound?: (it: Found) => void } = {},
): Promise<Expanded> {
  const done = await transformAsync(withLinguisMsg(code), {
    filename: path,
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    retainLines: true,
    parserOpts: { plugins: pluginsFor(path) },
    plugins: [
      [
        linguiMacro,
        { linguiConfig, stripMessageField: isStripped, extract: onFound !== undefined },
      ],
      ...(onFound ? [[extractMessages, { onMessageExtracted: onFound }]] : []),
    ],
  })
  return { code: done?.code ?? '', map: done?.map ?? null }
}
