/** The bounds of limits on calls, each with its reason; `limits` holds them with all others. */

const second = 1_000
const minute = 60 * second

export const rateLimits = {
  rates: {
    /**
     * Redis answers in half a millisecond, and in three where the machine is at its end: who has
     * not had an answer by then has none, and no call waits for it again until it is back.
     */
    waitMsMax: 20,
    /** How often one that was away is asked again; where there is nothing to ask, nobody waits. */
    lookEveryMs: 100,
    /** An answer that comes within this was late, and Redis was not away. */
    lateMsMost: 400,
    /** Calls that a relay has under way count for so long beyond its last sign of life. */
    leaseMs: minute,
    /** Each batch is one script, which nobody else's command interrupts: some two milliseconds. */
    batchMax: 256,
    /**
     * After Redis has lost what it knew, or was away, all relays have told it of their calls under
     * way within this: until then each keeps to its part of what may be at once besides.
     */
    carefulMs: 2.5 * second,
    /** A bucket is kept in Redis for longer than anybody remembers it to have been used. */
    keptMs: 2 * minute,
    /** What this process remembers of accounts, keys and models: some hundred bytes each. */
    bucketsMax: 50_000,
    /** How often the table is looked at, for what is not heard of. */
    rowsEveryMs: 5 * second,
    /** Read whole, and kept in memory: each is some hundred bytes. */
    rowsMax: 20_000,
    /** Of limits on models, on a page: nobody reads more. */
    modelsShownMax: 50,
    /** Which group an account is in is asked again after this. */
    groupMsMax: 5 * second,
    /** At once comes what comes due in a minute, as with the providers themselves. */
    burstSecondsUsual: 60,
    burstSecondsMax: 3_600,
    /** More than this is no limit, and beyond it a microsecond counts. */
    requestsMax: 1_000_000,
    tokensMax: 1_000_000_000,
    callsMax: 100_000,
    /**
     * What an answer is reckoned at whose client names no limit: most are shorter, and what is
     * longer is taken when it is known.
     */
    outputTokensUsual: 4_096,
    /** Of what was learned of an account's bytes a token, a tenth goes with each call. */
    shareKept: 0.9,
    /**
     * No less than that: ordinary text is three to five bytes a token. Whoever has sent long runs
     * of blanks, a hundred to the token, would else have a hundred times their limit under way
     * with what they send next; so it is five times, once, and owed.
     */
    shareLeast: 0.2,
    /** Of the oldest buckets, looked at for one to forget: more would hold up the call that asks. */
    looksMax: 8,
    /** While many calls want in, Redis is asked of them at most so often. */
    askEveryMsMax: 4,
    /** That a call has ended is told in one with what comes next, or after this. */
    leaveMsMax: 3,
    /** Who has to wait for another call to end can only try again. */
    callsWaitMs: second,
    /** Renewed at a time: more would keep others out of Redis. */
    leasesAtOnce: 1_000,
  },
}
