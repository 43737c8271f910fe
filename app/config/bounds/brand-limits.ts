/** The bounds of what an operator shows of their own; `limits` holds them with all others. */
export const brandLimits = {
  brand: {
    /** It stands in the corner of every page, and behind every title. */
    nameCharsMax: 40,
    /** It is kept in memory, and sent with the first page. */
    logoBytesMax: 256 * 1024,
    /** More are no footer. */
    linksMax: 8,
    /** A change of colour is seen at once: the address of its sheet changes with it. */
    fileSecondsKept: 31_536_000,
    /** A file says until when it is true (RFC 9116, 2.5.5: less than a year). */
    securityDays: 180,
    /** How long a browser remembers which theme was chosen. */
    themeSecondsKept: 31_536_000,
    /** The same of the language. */
    languageSecondsKept: 31_536_000,
  },
} as const
