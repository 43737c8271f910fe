/** The public face of the sample history: calls that never were, to try things at size. */
export { makeHistory } from './make-history.ts'
export { modelsOfThen } from './models.ts'
