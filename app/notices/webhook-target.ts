import type { MessageDescriptor } from '@lingui/core'
import { limits } from '../config/limits.ts'
import { reachOfHost } from '../upstreams/upstreams.server.ts'
import { msg } from '../values/language/msg.ts'

/**
 * What is wrong with an address that is to be called; undefined where nothing is. Where its name
 * leads is looked at anew for each call (webhook-call.ts).
 */
export function faultOfTarget(text: string, mayBePrivate: boolean): MessageDescriptor | undefined {
  if (text.length > limits.notices.urlCharsMax) return msg`The address is too long.`
  if (!URL.canParse(text))
    return msg`The address is no address, such as https://example.com/hook is.`
  const { protocol, hostname, username, password, hash } = new URL(text)
  if (protocol !== 'https:' && !(mayBePrivate && protocol === 'http:'))
    return msg`The address must begin with https://: what is sent there is for nobody else.`
  if (username || password)
    return msg`The address must name no user and no password; its calls are signed.`
  if (hash) return msg`The address must have nothing behind a #, which no server is told.`
  const reach = reachOfHost(hostname)
  if (reach === 'never' || (reach === 'private' && !mayBePrivate))
    return msg`The address must name a public host: ${hostname} is on a network of somebody's own.`
  return undefined
}
