/** The bounds of published price lists, which come from outside; `limits` holds them with all others. */

const second = 1_000
const MiB = 1024 * 1024

export const priceListLimits = {
  priceLists: {
    /** The largest is 3 MB; what is many times longer is something else. */
    bytesMax: 16 * MiB,
    /** No list is nested deeper than eight. */
    depthMax: 32,
    /** The largest has some 150,000; each takes up to 300 bytes of memory. */
    valuesMax: 600_000,
    /** A list is fetched from a repository far away, and nobody waits for it but a timer. */
    fetchMsMax: 30 * second,
    /** Digits of a price: a dollar a million has seven before the point and nine behind it. */
    numeralCharsMax: 60,
    /** Powers of ten beyond this make a number of a size that nothing costs. */
    exponentMax: 40,
    /** As much as a row may say. */
    nanosMax: 1_000_000_000_000_000,
    /** Lines of each part of a plan that are shown; the numbers of all of them stand below. */
    shownMax: 40,
    /** Of a plan as a document: some megabytes. */
    listedMax: 1_000,
    /** Rows written by one statement: some 300 kB, and a packet may have 16 MB. */
    rowsAtOnce: 500,
    /** A change beyond so many times is more often a slip of the point than a price. */
    timesMax: 10,
    /** Models that are named on the command line. */
    namedMax: 100,
  },
}
