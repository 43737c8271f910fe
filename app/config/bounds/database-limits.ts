/** The bounds of whatever goes to the database, each with its reason. */

const second = 1_000
const minute = 60 * second

export const databaseLimits = {
  /** Connecting and setting the session up take a few ms; a frozen server must not hold us for ever. */
  connectMsMax: 3 * second,
  /**
   * A connection that died without a word would keep whoever waits on it, such as the heartbeat,
   * until TCP gives up: a quarter of an hour. No statement of a page or a call takes this long.
   */
  answerMsMax: 15 * second,
  /** Those who compare whole tables may take their time. */
  compareMsMax: 10 * minute,
  /**
   * Well before MySQL cuts a connection that a stopped process has left in a transaction (15 s),
   * for it cuts idle ones too. Making one anew takes a millisecond or two.
   */
  idleMsMax: 5 * second,
  /** NTP keeps clocks within milliseconds; so much nobody would see who looks at two of them. */
  clockOffMsMax: 5 * second,
  /** Deadlocks and their kin are rare and short; more tries mean something else is wrong. */
  triesMax: 5,
  /** Older relays write rarely what a new key is to keep out, and not as often in a row. */
  roomTriesMax: 5,
  /** What one process at a time does to a database: migrations, partitions. */
  turn: {
    /** How long another waits for one that has died, and how late a renewal may come. */
    leaseSeconds: 30,
    /**
     * Its connection, where nothing is sent on it: so long before the turn runs out, whatever the
     * clocks of two servers say, that a process which was stopped cannot begin anything after it.
     */
    idleSecondsMax: 12,
    /** Some in the time of either of the two. */
    renewEveryMs: 4 * second,
    /** A new index on a large table takes minutes; whoever starts meanwhile says so, and ends. */
    waitMsMax: 2 * minute,
    lookEveryMs: 250,
  },
  /** Several hosts in `DATABASE_URL`. */
  hosts: {
    /** Clusters have three nodes or five, and some beside them; each is looked at once a second. */
    hostsMax: 9,
    /** A host that dies without a word is given up after two looks. */
    lookEveryMs: second,
    /** Connecting and one question take some ms; a node that takes this long helps nobody. */
    lookMsMax: second,
    /** Where none was well, those who ask meanwhile are told so without another look. */
    lookAgainMs: 100,
    /**
     * So long an earlier host has to have been well before calls go back to it: a node that comes
     * and goes takes them along each time.
     */
    backAfterMs: 30 * second,
    /**
     * How often a thread that follows looks where to; how long it waits for that after what it had
     * has failed, and what is under way there for its answer after that was left.
     */
    followEveryMs: 50,
    followMsMax: 2 * second,
  },
} as const
