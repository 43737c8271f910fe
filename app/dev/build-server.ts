import { build } from 'esbuild'

/** Bundles the composition root; packages stay outside, as in Remix's own server build. */
await build({
  entryPoints: ['server.ts'],
  outfile: 'build/server.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  loader: { '.json': 'json' },
  logLevel: 'warning',
})
