import { build } from 'esbuild'

/** Bundles what threads begin with; packages stay outside, as in Remix's own server build. */
await build({
  entryPoints: {
    server: 'server.ts',
    'pages-thread': 'app/start/pages-thread.ts',
    'count-thread': 'app/relay/text/count-thread.ts',
  },
  outdir: 'build',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  loader: { '.json': 'json' },
  logLevel: 'warning',
})
