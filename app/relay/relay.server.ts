/** The public face of the relay. */
export { relay } from './relay.ts'
export { loadTokenizer } from './text/tokens.ts'
