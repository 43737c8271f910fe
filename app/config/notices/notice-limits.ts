/** The bounds of what people are told by mail and webhooks; `limits` holds them with all others. */

const second = 1_000
const minute = 60 // seconds
const hour = 60 * minute

export const noticeLimits = {
  notices: {
    /** Sooner than anybody looks whether a mail has come. */
    everyMs: 5 * second,
    /** What one turn takes on: more wait for the next. */
    spreadAtOnce: 50,
    dueAtOnce: 100,
    /** Of one account in a turn: whose webhook hangs holds up their own. */
    anAccountAtOnce: 2,
    /** Connections of one process to mail servers and webhooks. */
    sendingAtOnce: 8,
    /** People of one account; more share none. */
    peopleMax: 50,
    /** Deliveries of one account in a day: more come only of somebody who plays with thresholds. */
    anAccountADayMax: 200,
    /** All of one try: a server that needs longer is tried again. */
    sendMsMax: 20 * second,
    connectMsMax: 10 * second,
    /** Whoever took a delivery has sent it by then or is dead: three times what a try may take. */
    leaseSeconds: minute,
    /** After each try that failed; four days in all, over a weekend on which nobody mends a server. */
    retrySeconds: [30, 2 * minute, 10 * minute, hour, 4 * hour, 12 * hour, 24 * hour, 48 * hour],
    /** Of what a webhook answers, what is read to let its connection end well. */
    answerBytesMax: 64 * 1024,
    /** Longer ones are not addresses that anybody typed or was given. */
    urlCharsMax: 1_000,
    /** As long as its owner needs to put the new secret where the old one is. */
    oldSecretHours: 24,
    /** A link in a mail: a day, and a night for whoever reads mail in the morning. */
    confirmHoursMax: 36,
    /** Mails to an address that somebody typed: it may be a stranger's. */
    confirmsADayMax: 5,
    /** One a minute is enough to see whether one's own mending has helped. */
    testEverySeconds: minute,
    /** On the settings page. */
    listedRows: 20,
    /** What was sent is looked up when somebody asks where it went: in a month, or not at all. */
    deliveryDaysKept: 30,
    /** A notice says that something was told; more than a year, because budgets may last for one. */
    noticeDaysKept: 400,
    cleanEveryMs: 3_600 * second,
    cleanRows: 1_000,
    troubles: {
      everyMs: 30 * second,
      /** An upstream that is open for less is tried again, and calls went elsewhere. */
      lastingSeconds: minute,
      /** What has not been seen for so long is over; what is seen again is news. */
      calmSeconds: 15 * minute,
      /** In one turn: when all of a network is gone, nobody reads more. */
      atOnceMax: 20,
      /** Holds that are older were never closed: twice the longest that one may be open. */
      holdSecondsMax: 2 * hour,
      holdsEveryMs: 600 * second,
      /** What was seen and is over. */
      daysKept: 7,
    },
  },
} as const
