import { z } from 'zod'

/** What stands between this server and the internet; empty where nothing does. */
export type Proxies = { http: string; https: string; exempt: string }

const proxy = z
  .string()
  // As curl and the others take it: a proxy without a scheme is one of HTTP.
  .transform((text) => (/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`))
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be the address of a proxy, such as http://proxy.example:3128',
  )
  .optional()

/** The names that other programs know; where both are there the lower case goes first, as for them. */
export const proxyVariables = {
  http_proxy: proxy,
  HTTP_PROXY: proxy,
  https_proxy: proxy,
  HTTPS_PROXY: proxy,
  no_proxy: z.string().optional(),
  NO_PROXY: z.string().optional(),
}
type Variables = z.output<z.ZodObject<typeof proxyVariables>>

/** Never reached through a proxy: this very machine means another one there. */
const thisMachine = ['localhost', '127.0.0.1', '[::1]']

/** The proxies that are set; undefined where there is none. */
export function proxiesOf(env: Variables): Proxies | undefined {
  const http = env.http_proxy ?? env.HTTP_PROXY ?? ''
  const https = env.https_proxy ?? env.HTTPS_PROXY ?? ''
  if (!http && !https) return undefined
  const given = (env.no_proxy ?? env.NO_PROXY ?? '').trim()
  return { http, https, exempt: given === '*' ? '*' : [given, ...thisMachine].join(',') }
}
