/** The bounds of what bodies take, and of how refusals are told; `limits` holds them with all others. */

const second = 1_000
const MiB = 1024 * 1024

export const bodyLimits = {
  bodies: {
    /**
     * What all bodies together take of memory, in all their forms, until they are on the wire. With
     * what the process takes besides, and what V8 has yet to collect, it stays below 600 MB.
     */
    processBytesMax: 144 * MiB,
    /** One of the longest in its dearest form, and some more. */
    accountBytesMax: 104 * MiB,
    /** Longer ones leave a quarter to the others. */
    longBytesMax: 256 * 1024,
    /** Before more is read, whoever is to pay is looked at. */
    unaskedBytesMax: 256 * 1024,
    /** The same for a compressed body: even of zeros alone it makes four megabytes. */
    unaskedPackedBytesMax: 4 * 1024,
    /** Of long ones, what is read or sent in one turn of the event loop: some tenths of a ms. */
    pieceBytes: 256 * 1024,
    /** A timer's least: so twenty megabytes are read in a fifth of a second, whoever else calls. */
    restMsLeast: 1,
    /** Shorter ones are not counted once they are there: so many calls may have them. */
    shortBytesMax: 8 * 1024,
    /** The bytes, the text that is parsed, and what is made of it. */
    asciiTimes: 3,
    /** One character that needs it, and all of a text takes two bytes each. */
    wideTimes: 5,
    /**
     * A long body takes a tenth of a second of everybody's, and one that is refused costs nothing:
     * so many, and one more each time, is what a program needs to find its mistake.
     */
    vainMax: 3,
    vainEveryMs: 20 * second,
    /** Of those on the wire that could yet be sent elsewhere: any other body has room besides. */
    kept: { processBytesMax: 40 * MiB, accountBytesMax: 24 * MiB },
    /** Calls of one account that may be under way: half of what there may be of all. */
    accountCallsMax: 5_000,
  },
  refusals: {
    /** What is refused before it is read is told so after this long; others are served meanwhile. */
    leastMs: second,
    /** Of one account or address: fifty new connections a second cost some hundredths of the time. */
    everyMs: 20,
    /** However many there are; their connections are bounded. */
    mostMs: 10 * second,
  },
  /**
   * What is refused for want of money after a long body has been read, of one account: each costs
   * more than a hundred of those, and credit that comes counts at once all the same.
   */
  unpaid: { leastMs: second, everyMs: 500, mostMs: 30 * second },
} as const
