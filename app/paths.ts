/** Every address we link to. */
export const homePath = '/'
export const dashboardPath = '/dashboard'
export const keysPath = '/keys'
export const usagePath = '/usage'
export const usageCsvPath = '/usage.csv'
export const callPath = (id: string) => `/calls/${id}`
export const billingPath = '/billing'
/** The billing page, saying what a code has brought. */
export const redeemedPath = (codeId: number) => `/billing?redeemed=${codeId}`
/** Where on it a code is redeemed. */
export const redeemPath = '/billing#redeem'
export const settingsPath = '/settings'
/** The settings, saying that this provider was just added. */
export const linkedPath = (provider: string) => `/settings?linked=${provider}`
/** Where a sign-in with a provider begins (a POST), and where the provider sends people back to. */
export const signInPath = (provider: string) => `/auth/${provider}`
export const signInCallbackPath = (provider: string) => `/auth/${provider}/callback`
export const logoutPath = '/logout'
export const keyPath = (id: number) => `/keys/${id}`
export const revokeKeyPath = (id: number) => `/keys/${id}/revoke`
export const revokedKeyPath = (id: number) => `/keys?revoked=${id}`
export const loginPath = (returnTo?: string) =>
  returnTo ? `/login?returnTo=${encodeURIComponent(returnTo)}` : '/login'

/** Signs in whom the token is for, once; see auth/local-sign-in.ts. */
export const tokenSignInPath = (token: string) => `/login?token=${token}`

/** A path of this site, or the dashboard: never another host, however it is disguised. */
export function safeReturnTo(text: string | null): string {
  // Browsers drop control characters, and `/\t/host` becomes `//host`.
  if (!text || !/^\/(?![/\\])/.test(text) || /[\p{Cc}\\]/u.test(text)) return dashboardPath
  const base = 'http://relay.invalid'
  const url = new URL(text, base)
  // Taking the dots out of `/.//host` leaves `//host`, which is another host.
  if (url.origin !== base || url.pathname.startsWith('//')) return dashboardPath
  return url.pathname + url.search + url.hash
}
