/** The door of the relay. */
export { relay } from './relay.ts'
export { answerError } from './answer-error.ts'
export { loadTokenizer } from './tokens.ts'
export { Refused } from './refusal.ts'
