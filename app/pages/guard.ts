import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Env } from '../config/env.ts'
import { signInOrigins } from '../config/providers.ts'
import { isElsewhere } from './site/brand.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Remix trusts these in its own checks, so nobody outside may send them. */
const forgeable = /^(x-forwarded-.*|forwarded|x-real-ip|x-remix-.*|x-react-router-.*)$/

/** What proxies and tunnels say about whom they speak for. */
const ofProxies =
  /^(forwarded|via|x-forwarded(-.*)?|x-original-.*|(x-)?(real|client|cluster-client|true-client)-ip|(cf|fly|x-envoy|x-arr)-.*)$/

/** True of a request that came through a proxy. Asked before `guardPage` takes the headers away. */
export const isForwarded = ({ headers }: IncomingMessage): boolean =>
  Object.keys(headers).some((name) => ofProxies.test(name))

/** Why a request to a page is refused, or undefined. */
function refusal(incoming: IncomingMessage, env: Env): string | undefined {
  const { headers, method = 'GET' } = incoming
  // To a browser a foreign name that resolves to loopback is a site of its own, which may read here.
  if (env.RELAY_MODE === 'local' && !loopbackHost.test(headers.host ?? '')) {
    return 'This relay answers to http://localhost only. Open the page at that address.'
  }
  if (safeMethods.has(method)) return undefined
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin')
    return 'This request came from another site. Open the page here and send the form once more.'
  const { origin } = headers
  if (origin !== undefined) {
    return origin === ownOrigin(env, headers.host)
      ? undefined
      : 'This request came from another site. Open the page here and send the form once more.'
  }
  return site === 'same-origin'
    ? undefined
    : 'This request does not say where it came from. Send the form from its page.'
}

/**
 * Where our own pages are: the configured address; in local mode the loopback name that the browser
 * used, because one of its names is a site of its own to the others.
 */
const ownOrigin = (env: Env, host: string | undefined) =>
  env.RELAY_MODE === 'local' ? `http://${host}` : new URL(env.APP_URL).origin

/** A sign-in is a form of ours that is answered by a redirect to a provider, so both are its targets. */
function formTargets({ providers }: Env): string {
  return [`'self'`, ...signInOrigins(providers)].join(' ')
}

/** A logo may be at another place. */
const imageSources = ({ BRAND_LOGO }: Env) =>
  [
    `'self' data:`,
    ...(BRAND_LOGO && isElsewhere(BRAND_LOGO) ? [new URL(BRAND_LOGO).origin] : []),
  ].join(' ')

function setHeaders(res: ServerResponse, env: Env, nonce: string) {
  const script = env.RELAY_DEV
    ? `'self' 'nonce-${nonce}' 'unsafe-inline'`
    : `'self' 'nonce-${nonce}'`
  const connect = env.RELAY_DEV ? `'self' ws:` : `'self'`
  const policy = [
    `default-src 'none'`,
    `script-src ${script}`,
    `style-src 'self'${env.RELAY_DEV ? ` 'unsafe-inline'` : ''}`,
    `img-src ${imageSources(env)}`,
    `font-src 'self'`,
    `connect-src ${connect}`,
    `form-action ${formTargets(env)}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `object-src 'none'`,
  ]
  res.setHeader('content-security-policy', policy.join('; '))
  res.setHeader('x-content-type-options', 'nosniff')
  res.setHeader('referrer-policy', 'same-origin')
  res.setHeader('cross-origin-opener-policy', 'same-origin')
  if (env.APP_URL.startsWith('https:')) {
    // Names below this one may be somebody else's, and not be served by https at all.
    const below = env.HSTS_SUBDOMAINS ? '; includeSubDomains' : ''
    res.setHeader('strict-transport-security', `max-age=31536000${below}`)
  }
}

/**
 * Stands before every page, document, data request and resource route alike: sets the security
 * headers, and refuses unsafe requests that do not come from our own pages (Remix checks only some
 * of them). Answers the nonce for the page's scripts, or undefined when it has answered the
 * request.
 */
export function guardPage(
  incoming: IncomingMessage,
  res: ServerResponse,
  env: Env,
): string | undefined {
  for (const name of Object.keys(incoming.headers)) {
    if (forgeable.test(name)) delete incoming.headers[name]
  }
  const nonce = randomBytes(16).toString('base64')
  setHeaders(res, env, nonce)
  const why = refusal(incoming, env)
  // Remix compares an origin with this header, and makes addresses of it, whatever it holds.
  if (env.RELAY_MODE === 'server') incoming.headers.host = new URL(env.APP_URL).host
  if (why === undefined) return nonce
  res.writeHead(403, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
  res.end(`${why}\n`)
  return undefined
}
