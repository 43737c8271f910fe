/** The public face of the upstreams room: the providers that calls are forwarded to. */
export { createUpstream, type Upstream, type UpstreamAnswer } from './upstream.ts'
