/** Made of `app/languages/` by the build (dev/languages/plugins.ts), one for each language. */
declare module 'virtual:catalogue/*' {
  import type { Messages } from '@lingui/core'

  const messages: Messages
}
