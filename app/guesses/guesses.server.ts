/** The public face of the room of guesses. */
export { createGuesses, type GuessKind, type Guesses } from './guesses.ts'
