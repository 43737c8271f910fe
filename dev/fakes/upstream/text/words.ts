import { piecesOf, type Piece } from './tokens.ts'

// Every word here is a single token, and no two neighbours make another one. So an answer cut
// anywhere has, encoded again, exactly as many tokens as were sent: words.test.ts holds us to it.
const sentences = [
  'This is the demo upstream, a small server that answers like a model would.',
  'It runs on this machine, so no key is needed and nothing leaves the house.',
  'Every word of this answer is one token, which makes the bill easy to check.',
  'A good relay counts what it sends, and charges for nothing else.',
  'The same question always gets the same answer here, and that helps a test.',
  'Set a real key when you are ready, and real models will speak in my place.',
  'Water finds its way down the hill, and a stream finds its way to the client.',
  'Money is a whole number, and every number in the book has a reason.',
  'When the line goes dead in the middle, someone has to know how far we got.',
  'Prices may change at night, but a call keeps the price it started with.',
  'A careful clerk writes first and speaks later, so the book is never behind.',
  'If two people reach for the same coin, only one of them can have it.',
  'Small things done well are the better part of any large thing.',
  'The café on the corner sells coffee for two € and never forgets to count.',
  'Nothing is lost when every part of the work can be done again safely.',
  'Ask me something else, and I will tell you another of these plain facts.',
]

const answerTokensMin = 40
// A first word has no blank before it, which makes it another token than the same word later on.
const openings = sentences.map((sentence) => piecesOf(sentence))
const rest = sentences.map((sentence) => piecesOf(` ${sentence}`))

/** Sentences chosen by the seed: `length` tokens of them, or as many as make 40 to 60 tokens. */
export function speak(seed: number, length?: number): Piece[] {
  const spoken: Piece[] = []
  for (let at = seed % sentences.length, sentence = openings[at]; sentence; sentence = rest[at]) {
    for (const piece of sentence) spoken.push(piece)
    if (spoken.length >= (length ?? answerTokensMin)) break
    at = (at + 1 + (seed % 7)) % sentences.length
  }
  return length === undefined ? spoken : spoken.slice(0, length)
}

/** A text of exactly this many bytes (2 or more), of few tokens for its size, and its tokens. */
export function speakBytes(bytes: number): Piece {
  const word = ' telecommunications'
  const words = Math.max(0, Math.floor(bytes / word.length) - 1)
  const left = bytes - words * word.length
  const filler = left % 2 ? ' an' + ' a'.repeat((left - 3) / 2) : ' a'.repeat(left / 2)
  return { text: filler + word.repeat(words), tokens: (left >> 1) + words }
}

/** A whole number that depends on nothing but the text (FNV-1a). */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  return hash >>> 0
}
