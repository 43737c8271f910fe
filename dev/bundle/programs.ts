import { build, type BuildOptions } from 'esbuild'

/** Packages stay outside, as in Remix's own server build. */
const options: BuildOptions = {
  outdir: 'build',
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
}

/** Statements, pages and `.env` are looked for in the folder above, wherever somebody stands. */
const fromAnywhere = [
  "import { fileURLToPath as pathOfUrl } from 'node:url'",
  "process.chdir(pathOfUrl(new URL('..', import.meta.url)))",
].join('\n')

/** Bundles what a process begins with, and what its threads do, which cannot change the folder. */
export async function bundlePrograms(): Promise<void> {
  await build({
    ...options,
    entryPoints: {
      server: 'server.ts',
      relay: 'app/cli/built.ts',
      'pages-process': 'app/start/pages-process.ts',
    },
    banner: { js: fromAnywhere },
  })
  await build({
    ...options,
    entryPoints: {
      'pages-thread': 'app/start/pages-thread.ts',
      'count-thread': 'app/relay/text/count-thread.ts',
    },
  })
}
