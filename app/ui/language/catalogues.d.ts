/** Made of `app/languages/` by the build (dev/languages/plugins.ts), one for each language. */
declare module 'virtual:catalogue/*' {
  const messages: import('@lingui/core').Messages
}
