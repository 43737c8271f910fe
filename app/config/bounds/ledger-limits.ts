/** The bounds of the ledger, each with its reason; `limits` holds them with all others. */

const second = 1_000
const minute = 60 * second

export const ledgerLimits = {
  /**
   * Each lane is a connection and a group commit of its own. One carries what one process can
   * send, in the largest batches; two cost more each call than they overlap (bench/RESULTS.md).
   */
  lanes: 1,
  batchOpsMax: 256,
  queueOpsMax: 10_000,
  reserveWaitMsMax: 3 * second,
  /** Lists of addresses that keys are bound to, read once each: a kilobyte or two. */
  addressListsKept: 1_000,
  /** How long the end of a stream waits for its settlement before it goes out all the same. */
  settleWaitMsMax: 2 * second,
  /** Calls whose end could not be booked, kept to be tried or closed later: a kilobyte each. */
  givenUpCallsMax: 10_000,
  /** Three attempts at a call, each with all its texts at their longest, take two thirds of it. */
  triesCharsMax: 2_000,
  /** A table that takes nothing fails each of them; others in a batch wait for every try. */
  givenUpFailuresATurnMax: 4,
  /** A settlement that was refused is tried again so soon, and then each time after twice as long. */
  settleEveryMs: 10 * second,
  settleEveryMsMax: 5 * minute,
  /** A quarter of an hour in all: for an operator to mend what kept it, or a mistake of ours. */
  settleTriesMax: 7,
  /**
   * Accounts with a settlement that the database does not take, though it takes a rehearsal: so
   * many may be odd each in its own way. More are a sign that it fails after all, and so are fewer
   * with no settlement of anybody that came through since.
   */
  owingAccountsMax: 20,
  owingInARowMax: 5,
  /** As often as anybody looks (`http.readyEveryMs`), a transaction has to have come through. */
  readyFreshMs: second,
  /** Who asks whether the ledger works is told that it does not after this long. */
  readyMsMax: 3 * second,
  /** Deadlocks pass in milliseconds; what fails this often is split until the culprit is alone. */
  againMax: 5,
  /** Accounts that somebody else keeps locked, a repair or an operator at a prompt. */
  locked: {
    /** Another relay's transaction takes milliseconds; what lasts is asked for once a second. */
    asideMsLeast: 50,
    asideMsMax: second,
    /** For each ms that a try of such an account took, others have the lane for so many. */
    asideShare: 4,
    /** More wait for one only where a client goes on calling: they are refused at once. */
    asideOpsMax: 1_000,
    /** A repair locks the account for each of its days: for so long it is not waited for again. */
    waryMs: 10 * second,
  },
  /** How often ops that have waited too long are looked for: a small part of what they may wait. */
  lookEveryMs: 250,
  /** Fewer tokens than this are not an answer; a client who wants less can say so. */
  outputTokensLeast: 256,
  /**
   * Of a client that names no limit, a call may hold its model's maximum while that is at most
   * this part of what is available; a few more like it then still find room beside it.
   */
  maximumShare: 4,
  /** Else this part of the output that is affordable: a dozen at once find room, each some less. */
  outputShare: 8,
  /** Long for an answer with its reasoning: less would cut agents off before what they came for. */
  outputTokensUsual: 16_384,
  /**
   * Text is some four times its tokens in bytes. Where a bound by bytes is more than this part of
   * what is available, holding it would keep others out, and counting is the lesser cost.
   */
  boundedInputShare: 20,
  /** What is remembered of calls that were refused for money, to refuse them again. */
  refusals: {
    /** Codex asks six times within 6.3 s, whatever it is told, and then tells its user. */
    heardMsMax: 10 * second,
    /** Where more money may have come without a word: nobody who has paid waits for longer. */
    unheardMsMax: second,
    /** Keys that are refused at once; some hundred bytes each. */
    keysMax: 10_000,
    /** So many that accounts which share a place hardly ever end each other's: 256 KiB. */
    changesKept: 65_536,
  },
  /** A relay that has not beaten for this long, by the database's clock, is taken for dead. */
  heartbeatSecondsMax: 60,
  /** A beat is due every ten seconds: after a longer silence than this one has not come through. */
  breakSeconds: 20,
  /**
   * Only a relay that has beaten for so long without a break takes others for dead: two beats of
   * each of them, so that an outage of the database, or a sleep of all, is over for everybody.
   */
  steadySeconds: 20,
  /** A living relay beats twice within it, whatever the clocks of servers say. */
  stillMsLeast: 20 * second,
  /**
   * A call begins minutes before its reservation at the most. More than a day is a clock that is
   * off; months may have been dropped meanwhile, but never the one before.
   */
  begunSecondsMax: 24 * 60 * 60,
  /** As long again as the longest call, for a database that is away just then. */
  holdSecondsMax: 60 * 60,
  /** What a sweep looks at in one turn; it turns while something is released. */
  staleHoldsAtOnce: 500,
  /** A broken book has more differences than anybody reads. */
  differencesMax: 100,
  /** Some 5 MB while they are compared; fewer cost a round trip each. */
  verifiedCallsAtOnce: 10_000,
  repair: {
    /** Ids alone; what is read of an account is another matter for each. */
    accountsAtOnce: 1_000,
    /** While they are made anew the account’s lock is held, and its calls wait. */
    daysAtOnce: 1,
    /** An id says when its call began; a call that was made up may be some milliseconds off. */
    idSlackMs: 10 * second,
  },
  fold: {
    /** A day is folded a while after its end: most calls that began in it have ended by then. */
    overMs: 60 * minute,
    /** While they are made the account’s lock is held, and its calls wait. */
    daysAtOnce: 2,
    /** Each is another copy of the account’s days; of further zones they are read from the quarters. */
    zonesMax: 8,
    accountsAtOnce: 1_000,
  },
  /** Rows of one insert: well below the usual 16 MiB of a packet. */
  pastRowsAtOnce: 2_000,
} as const
