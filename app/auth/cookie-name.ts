import type { Stores } from '../services.ts'

/**
 * What a cookie of this installation is called. Browsers keep cookies by host and know no port: of
 * two relays on one machine each would otherwise take the other's, and sign people out of it. The
 * prefix, where there is https, makes a browser hold on to what it stands for.
 */
export function cookieName(
  { env, installation }: Pick<Stores, 'env' | 'installation'>,
  prefix: '__Host-' | '__Secure-',
  name: string,
): string {
  const isSecure = env.APP_URL.startsWith('https:')
  return `${isSecure ? prefix : ''}${name}-${installation.slice(0, 8)}`
}
