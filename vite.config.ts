import { vitePlugin as remix } from '@remix-run/dev'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type UserConfig } from 'vite'
import { listBundled } from './dev/bundle/bundled-packages.ts'
import { languagesForVite } from './dev/languages/plugins.ts'

/**
 * For old browsers class fields become calls, which cost each call of the relay some objects. What
 * says texts goes into the build: its package is one of development, as it would bring a compiler
 * to every server (docs/decisions/0059).
 */
const ofTheServer: UserConfig = {
  build: { target: 'node20' },
  define: { 'process.env.NODE_ENV': '"production"' },
}

/** A page's script waits at its top for what it says: browsers do that since 2021. */
const ofTheBrowser: UserConfig = { build: { target: 'es2022' } }

export default defineConfig(({ isSsrBuild }) => ({
  ...(isSsrBuild ? ofTheServer : ofTheBrowser),
  ssr: { noExternal: [/^@lingui\//] },
  plugins: [
    languagesForVite(),
    listBundled(),
    tailwindcss(),
    remix({
      ignoredRouteFiles: ['**/*.test.*'],
      future: {
        v3_fetcherPersist: true,
        v3_lazyRouteDiscovery: false,
        v3_relativeSplatPath: true,
        v3_singleFetch: true,
        v3_throwAbortReason: true,
      },
    }),
  ],
}))
