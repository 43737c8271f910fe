const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/**
 * Text that a terminal shows and does not obey: whatever could move its cursor, turn the writing
 * round or begin a line of its own is replaced. Names and user agents come from strangers.
 */
export const printable = (text: string) => text.replace(unprintable, '\ufffd')

/** The same for text of several lines. */
export const printableLines = (text: string) => text.split('\n').map(printable).join('\n')

const escaped = (character: string) =>
  Array.from({ length: character.length }, (_, i) => {
    const unit = character.charCodeAt(i).toString(16)
    return `\\u${unit.padStart(4, '0')}`
  }).join('')

/** A JSON document that keeps every character, the dangerous ones as escapes. */
export const printableJson = (document: unknown) =>
  JSON.stringify(document, null, 2).replace(unprintable, (character) =>
    character === '\n' ? character : escaped(character),
  )
