/**
 * How many characters a text has as the database counts them, and people: an emoji is one, where
 * `length` says two.
 */
export const charactersIn = (text: string): number => {
  let characters = 0
  for (const _ of text) characters++
  return characters
}
