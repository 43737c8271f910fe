import { build, type BuildOptions } from 'esbuild'

import { languagesForEsbuild } from '../languages/plugins.ts'

/** Of all that we compile for Node. Packages stay outside, as in Remix's own server build. */
export const programOptions = {
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  // Places and names of functions are what a stack needs; the source itself stays at home.
  sourcesContent: false,
  loader: { '.json': 'json' },
  logLevel: 'warning',
} satisfies BuildOptions

/** Statements, pages and `.env` are looked for in the folder above, wherever somebody stands. */
const fromAnywhere = [
  "import { fileURLToPath as pathOfUrl } from 'node:url'",
  "process.chdir(pathOfUrl(new URL('..', import.meta.url)))",
].join('\n')

/** Bundles what a process begins with, and what its threads do, which cannot change the folder. */
export async function bundlePrograms(): Promise<void> {
  const plugins = [languagesForEsbuild()]
  await build({
    ...programOptions,
    plugins,
    outdir: 'build',
    entryPoints: {
      server: 'server.ts',
      relay: 'app/cli/built.ts',
      'pages-process': 'app/start/pages-process.ts',
    },
    banner: { js: fromAnywhere },
  })
  await build({
    ...programOptions,
    plugins,
    outdir: 'build',
    entryPoints: {
      'pages-thread': 'app/start/pages-thread.ts',
      'count-thread': 'app/relay/text/count-thread.ts',
    },
  })
}
