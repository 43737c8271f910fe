/** Every address we link to. */
export const homePath = '/'
export const dashboardPath = '/dashboard'
export const keysPath = '/keys'
/** Chooses how light pages are (a POST). */
export const themePath = '/theme'
/** Chooses the language of the pages (a POST). */
export const languagePath = '/language'
/** The operator's own colour and logo, by a mark that changes with them; whom to tell of a hole. */
const marked = (path: string, mark?: string) => (mark === undefined ? path : `${path}?v=${mark}`)
export const brandSheetPath = (mark?: string) => marked('/brand.css', mark)
export const brandLogoPath = (mark?: string) => marked('/brand/logo', mark)
export const securityPath = '/.well-known/security.txt'
/** How the API is used, with this relay's own address. */
export const docsPath = '/docs'
/** What is on sale, a model by any of its names, and the same for programs. */
export const modelsPath = '/models'
export const modelPath = (name: string) =>
  `/models/${name.split('/').map(encodeURIComponent).join('/')}`
export const modelsJsonPath = (name?: string) =>
  name === undefined ? '/models.json' : `/models.json?model=${encodeURIComponent(name)}`
/** Tries a model; with JavaScript its answer is read as it comes from the second (a POST). */
export const playgroundPath = (model?: string) =>
  model === undefined ? '/playground' : `/playground?model=${encodeURIComponent(model)}`
export const playgroundAnswerPath = '/playground/answer'
export const usagePath = '/usage'
/** Its calls as files, and what they come to by day. */
export const usageCsvPath = '/usage.csv'
export const usageJsonLinesPath = '/usage.jsonl'
export const usageDaysCsvPath = '/usage/days.csv'
export const callPath = (id: string) => `/calls/${id}`
/** Who is in the account, one of them, and what was changed in it. */
export const peoplePath = '/settings/people'
export const personPath = (userId: number) => `/settings/people/${userId}`
export const accountLogPath = '/settings/log'
/** Goes on in another account (a POST). */
export const switchPath = '/switch'
/** What an invitation is sent as. */
export const joinPath = (token: string) => `/join/${token}`
/** The token of the invitation that a path of this site leads to, if it does. */
export const invitationIn = (path: string): string | undefined =>
  /^\/join\/([\w-]{1,100})$/.exec(path)?.[1]
export const billingPath = '/billing'
/** The billing page, saying what a code has brought. */
export const redeemedPath = (codeId: number) => `/billing?redeemed=${codeId}`
/** Where on it credit is added. */
export const addCreditPath = '/billing#add-credit'
/** Where on it a code is redeemed. */
export const redeemPath = '/billing#redeem'
export const ordersPath = '/billing/orders'
export const orderPath = (id: string) => `/billing/orders/${id}`
export const orderReceiptPath = (id: string) => `/billing/orders/${id}/receipt`
/** Where providers of payment send their events: no pages, and for nobody else. */
export const stripeEventsPath = '/payments/stripe/events'
export const epayNotifyPath = '/payments/epay/notify'

export const plansPath = '/billing/plans'
/** The plans, saying what was just done. */
export const plansDonePath = (what: string) => `${plansPath}?did=${what}`
export const settingsPath = '/settings'
/** What one is told of, and where. */
export const noticesPath = '/settings/notices'
/** Followed from a mail to an address that is to be confirmed. */
export const confirmAddressPath = (proof: string) => `/settings/notices/confirm?proof=${proof}`
/** Followed from any mail: no more of them to this person about this account. */
export const stopNoticesPath = (query = '') => `/notices/stop${query}`
/** The settings, saying that this provider was just added. */
export const linkedPath = (provider: string) => `/settings?linked=${provider}`
/** Where a sign-in with a provider begins (a POST), and where the provider sends people back to. */
export const signInPath = (provider: string) => `/auth/${provider}`
export const signInCallbackPath = (provider: string) => `/auth/${provider}/callback`
export const logoutPath = '/logout'
export const keyPath = (id: number) => `/keys/${id}`
export const revokeKeyPath = (id: number) => `/keys/${id}/revoke`
export const rotateKeyPath = (id: number) => `/keys/${id}/rotate`
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
