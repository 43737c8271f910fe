/** A string, which stays as it is, or a number outside of one. */
const stringOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

/**
 * Reads JSON with every number as the text that it was written as: a number of JavaScript has no
 * place for the digits of a long id, and none for how many decimals an amount had.
 * @throws SyntaxError
 */
export const parseJsonExactly = (text: string): unknown =>
  JSON.parse(text.replace(stringOrNumber, (it) => (it.startsWith('"') ? it : `"${it}"`)))
