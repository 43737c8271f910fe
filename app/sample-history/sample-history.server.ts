/** The public face of the sample history: calls that never were, to try things at size. */
export { seedCalls } from './calls.ts'
