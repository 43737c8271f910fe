/** The bounds of codes that are redeemed for credit; `limits` holds them with all others. */

const second = 1_000

export const codeLimits = {
  codes: {
    /** What one command prints, and one transaction writes within a second. More are more batches. */
    batchMax: 10_000,
    /** Some 50 KB of one statement. */
    rowsAtOnce: 1_000,
    /** A code for everybody of a large site; each use is one account's. */
    usesMax: 1_000_000,
    /** Ten years of a plan: nobody sells more by a code. */
    monthsMax: 120,
    /** A batch is named in a line. */
    nameCharsMax: 100,
    /** What somebody may paste with a code around it: more is another text. */
    typedCharsMax: 200,
    /** Of one's own, on the page; the ledger has all of them. */
    shownMax: 20,
    /** How old what is told of where credit can be had may be. */
    lookEveryMs: 10 * second,
    /** As for a key: the refusal that tells of it is not held up for longer. */
    lookMsMax: 3 * second,
  },
} as const
