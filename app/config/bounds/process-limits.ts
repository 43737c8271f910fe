/** What bounds a process besides its answers: its background work, its log and its end. */

const second = 1_000
const minute = 60 * second

export const processLimits = {
  watch: {
    /** Revoked keys are also looked up here, for when Redis is away: a stream ends within 5 s. */
    revokedEveryMs: 2 * second,
    catalogEveryMs: 5 * second,
    /** One short statement: an upstream that is changed is so everywhere within 5 s. */
    upstreamsEveryMs: 3 * second,
    /** What is shown of upstreams is no older, and outlives a relay that ends by no more. */
    upstreamStatesEveryMs: 5 * second,
    upstreamStatesKeptMs: 15 * second,
    /** A connection that hears nothing looks like one with nothing to hear, until it is asked. */
    subscribedEveryMs: 5 * second,
    /** Connections that find no file free are closed in silence; a try costs nothing. */
    openFilesEveryMs: second,
    heartbeatEveryMs: 10 * second,
    sweepEveryMs: 20 * second,
    /** Calls that could not be booked stay held this long, or more, beyond what kept them from it. */
    givenUpEveryMs: 10 * second,
    renewEveryMs: 60 * second,
    sessionsEveryMs: 10 * minute,
    storedEveryMs: 10 * minute,
    /** Partitions are made months ahead, so any day will do. */
    foldEveryMs: 5 * minute,
    partitionsEveryMs: 24 * 60 * minute,
  },
  processes: {
    /** More than the cores of any machine that one database keeps busy. */
    most: 64,
    /**
     * One that ends by itself is started again at once; where it does not live for a minute, a
     * second later, and then each time after twice as long.
     */
    againMsLeast: second,
    againMsMost: 10 * second,
    steadyMs: minute,
    /** How many connections each has, so that a new one goes where there are the fewest. */
    countEveryMs: 250,
    /** One that has not taken a connection for so long is asleep or at its limit: others are asked. */
    slowMs: second,
    /** With no process there to take them; a balancer is told 503 then, and asks another relay. */
    waitMsMax: 5 * second,
    waitingMax: 10_000,
    /** Whoever is refused may have a body on its way: to close before it has come loses the answer. */
    refusedMsMax: second,
    /**
     * When the holds of one that has died are looked for, each counted from the look before: what
     * it sent last may be carried out after its end, and waits there for no longer than a lock.
     */
    sweepAfterMs: [0, 250, second, 10 * second],
    /** One that another has replaced ends with its last call: as long as any may take, and be booked. */
    replacedMsMax: 35 * minute,
    /** The end of one is heard twice, by its exit and by its channel; nobody waits long for the second. */
    channelMsMax: second,
  },
  log: {
    /** A failure repeats as often as calls come in; an operator needs to read it, and how often. */
    failureEveryMs: second,
    /** Kinds of failure known at once: each is an event with an error's name and code. */
    failureKindsMax: 200,
    /** What strangers can make happen is told by how often it did: a line a minute. */
    countEveryMs: minute,
    /** More than there are codes of errors. */
    countKindsMax: 50,
    /** Of a failure, what it was caused by, and of each where it came from: a line, not a page. */
    causesMax: 4,
    framesMax: 6,
  },
  shutdown: {
    /** Within so long a second signal is the first one, come by another way. */
    sameSignalMsMax: second,
    /** What a balancer needs to find out: two looks at `/readyz`, two seconds apart, and some more. */
    delaySecondsUsual: 5,
    delaySecondsMax: 300,
    /**
     * The port closes after so many turns in a row in which nobody connected: Node accepts one
     * connection a turn, and what waits is lost. Where there is no such lull, some seconds later.
     */
    quietTurnsLeast: 5,
    quietTurnsMax: 20_000,
    /** Connections that have nothing more to do are looked for so often. */
    idleLookEveryMs: 100,
    drainMsMax: 30 * second,
    /** After that, the time to tell clients, to count and to charge. */
    cutMsMax: 5 * second,
    /**
     * Settlements that still wait for a database that is away: what is not booked by then the
     * operator has to charge by hand. As long as what ends us gives (`deploy`, `compose.yaml`).
     */
    settleMsMax: 15 * second,
    /** To take our row off the list of relays, and to close connections: the sweep does without. */
    closeMsMax: 2 * second,
  },
} as const
