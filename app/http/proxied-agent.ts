import type { LookupFunction } from 'node:net'
import { EnvHttpProxyAgent, Pool, type Agent } from 'undici'
import type { Proxies } from '../config/proxies.ts'

/** How connections are made. A lookup is for straight ones: a proxy is the operator's own choice. */
type Connecting = { timeout: number; lookup?: LookupFunction }

/**
 * Sends requests through the proxies that are set, each to the one of its scheme, and those to
 * exempt hosts straight. The variables have been read: the agent reads none by itself.
 */
export const proxiedAgent = (
  { http, https, exempt }: Proxies,
  options: Agent.Options & { connect?: Connecting } = {},
) =>
  new EnvHttpProxyAgent({
    ...options,
    httpProxy: http,
    httpsProxy: https,
    noProxy: exempt,
    // Many proxies let nobody CONNECT to a port other than 443: they are asked for plain http.
    proxyTunnel: false,
    factory: (origin: string | URL, given: Pool.Options) => {
      // undici would tunnel https through the proxy of http; curl and the others go straight.
      const isStraight = !https && new URL(origin).protocol === 'https:'
      // Of a connection on which a proxy is asked, undici passes on no bounds but how to make it.
      return new Pool(origin, { ...options, ...given, ...(isStraight && straight(options)) })
    },
    // What `connect` says for a straight connection, this says for the one to the proxy.
    ...(options.connect && { proxyTls: { timeout: options.connect.timeout } }),
  } as EnvHttpProxyAgent.Options)

const straight = ({ connect }: { connect?: Connecting }) => ({ connect: connect ?? {} })
