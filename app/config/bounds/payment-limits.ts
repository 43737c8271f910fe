/** The bounds of payments, each with its reason; `limits` holds them with all others. */

const second = 1_000

export const paymentLimits = {
  payments: {
    /** An event is some kilobytes; the longest of Stripe's, with all that it may name, some tens. */
    eventBytesMax: 64 * 1024,
    eventMsMax: 10 * second,
    /** What is asked of a provider; people wait for some of it, in front of a page. */
    askMsMax: 5 * second,
    /** Answers are some kilobytes. */
    answerBytesMax: 256 * 1024,
    /** Stripe's own, for a signature's age: whoever has copied an event has no longer to send it. */
    toleranceSeconds: 300,
    /** Stripe keeps a checkout open for a day at the most; the clocks of two machines differ a little. */
    openHoursMax: 22,
    /**
     * Beyond that, what the payer has begun is waited for: a bank transfer takes days, and Stripe
     * itself gives up on none before two weeks. What comes later an operator books, or gives back.
     */
    onItsWayDaysMax: 30,
    /** Of one account: more are somebody who presses a button without end. */
    openOrdersMax: 20,
    /** Whoever looks at a page that waits has the provider asked no more often than this. */
    lookSecondsLeast: 3,
    /** A page that waits looks again by itself. */
    refreshSeconds: 5,
    /** Open orders are asked for at least so often, then after a quarter of their age, then so often. */
    askEverySecondsLeast: 20,
    askEverySecondsMax: 600,
    /** In one turn, one after the other: what a provider takes without calling it a flood. */
    askedAtOnce: 20,
    askEveryMs: 10 * second,
    /** Events about none of our orders are kept for a look at what is wrong, and then dropped. */
    strayEventDaysKept: 90,
    strayEventsAtOnce: 500,
    /** On one page, and as many more on the next. */
    pageRows: 50,
    /** Begun here of one order, refused ones included; Stripe lists no more in one answer. */
    refundsMax: 100,
    /** Refunds and disputes of one order, told ones included: all are read to reckon what is taken. */
    reversalsMax: 1_000,
    /** What was heard of an order, and what of it went back. */
    eventsShown: 50,
    /** Amounts that a page offers. */
    amountsMax: 12,
    /** What card schemes let through in one payment, and more than people keep with a relay. */
    amountUsdMax: 100_000,
    addressCharsMax: 500,
    /** What anybody can send, again and again: the next line says how many there were besides. */
    forgedLinesASecond: 20,
  },
} as const
