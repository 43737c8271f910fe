import { EnvHttpProxyAgent, type Agent } from 'undici'
import type { Proxies } from '../config/proxies.ts'

/**
 * Sends requests through the proxies that are set, each to the one of its scheme, and those to
 * exempt hosts straight. The variables have been read: the agent reads none by itself.
 */
export const proxiedAgent = (
  { http, https, exempt }: Proxies,
  options: Agent.Options & { connect?: { timeout: number } } = {},
) =>
  new EnvHttpProxyAgent({
    ...options,
    httpProxy: http,
    httpsProxy: https,
    noProxy: exempt,
    // What `connect` says for a straight connection, this says for the one to the proxy.
    ...(options.connect && { proxyTls: { timeout: options.connect.timeout } }),
  } as EnvHttpProxyAgent.Options)
