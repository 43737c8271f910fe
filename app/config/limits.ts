/** Every bound of the program in one place, each with its reason. Times in ms unless the name says. */

const second = 1_000
const minute = 60 * second
const MiB = 1024 * 1024

export const limits = {
  http: {
    /** A client that needs longer to send a body is holding a place, not asking a question. */
    bodyMsMax: 60 * second,
    headersMsMax: 20 * second,
    /** Longer than any proxy's own idle time, so that the proxy closes first. */
    keepAliveMs: 75 * second,
    /** Calls under way in one process; each holds two sockets and some buffers. */
    callsMax: 10_000,
    /** Nested deeper than any request that makes sense; JSON.stringify fails near 5,000. */
    jsonDepthMax: 200,
  },
  endpoints: {
    chat: {
      /** Vision requests carry images as text; larger bodies belong to a file interface. */
      bodyBytesMax: 20 * MiB,
      answerBytesMax: 64 * MiB,
      /** One SSE event. Longer ones are no events of this interface. */
      eventBytesMax: 2 * MiB,
    },
    moderations: {
      /** Images come as text here too. */
      bodyBytesMax: 20 * MiB,
      /** A few hundred bytes of scores for each input. */
      answerBytesMax: 16 * MiB,
      /** There are no streams. */
      eventBytesMax: 0,
    },
  },
  upstream: {
    connectMsMax: 10 * second,
    /** Thinking models answer headers late on plain calls: the SDKs' own limit is 10 minutes. */
    headersMsMax: 10 * minute,
    /** Longest silence within a stream. Thinking models pause for up to a minute. */
    idleMsMax: 90 * second,
    totalMsMax: 30 * minute,
    /** A plain call whose client has gone still runs to its end, for its usage, but not for ever. */
    orphanMsMax: 5 * minute,
    /** One for each call that may be under way: a call without one would wait behind open streams. */
    connectionsMax: 10_000,
    /** What an upstream may ask a client to wait; longer is no passing trouble. */
    retryAfterSecondsMax: 60,
    /** The part of an error answer that may be passed on. */
    errorBytesMax: 64 * 1024,
  },
  stream: {
    /** After its end nothing more is due; an upstream that does not close by then is let go. */
    restMsMax: second,
    /** Silence after which a comment tells proxies and clients that the call lives. */
    pingEveryMs: 15 * second,
    /** A reader that takes nothing for this long is gone, whatever its socket says. */
    stalledReaderMsMax: 60 * second,
    /** Delivered events kept for counting before they are counted and let go. */
    uncountedBytesMax: 16 * 1024,
    /** What waits for a slow reader before the upstream is asked to wait. */
    bufferBytesMax: 64 * 1024,
  },
  ledger: {
    /**
     * Each lane is a connection and a group commit of its own. One carries what one process can
     * send, in the largest batches; two cost more each call than they overlap (bench/RESULTS.md).
     */
    lanes: 1,
    batchOpsMax: 256,
    queueOpsMax: 10_000,
    reserveWaitMsMax: 3 * second,
    /** How long the end of a stream waits for its settlement before it goes out all the same. */
    settleWaitMsMax: 2 * second,
    /** Calls whose end could not be booked, kept to be closed later: some 400 bytes each. */
    givenUpCallsMax: 10_000,
  },
  tokens: {
    /** Longest text that is counted exactly; beyond it the bytes stand for the tokens. */
    exactBytesMax: 2 * MiB,
    /** What each message costs beyond its text, role and name (OpenAI cookbook says 3 and 1). */
    perMessage: 8,
    perCall: 16,
    /** High detail, largest size, on any model but the next line's. */
    perImage: 6_300,
    /** gpt-4o-mini counts 2833 + 8 × 5667 for the same picture. */
    perImageDearest: 48_200,
    /** 1024 × 1024 in high detail on gpt-4o, for bills without figures from the upstream. */
    perImageUsual: 765,
    /** Base64 characters that hold one token of audio: 100 bytes a token at 8 kbit/s. */
    audioBytesPerToken: 32,
    /** More than any model has; figures beyond it are not figures. */
    absurd: 20_000_000,
  },
  keys: {
    perAccountMax: 100,
    cachedMax: 50_000,
    nameCharsMax: 100,
    modelsMax: 50,
    /** How long a client waits for a database that does not answer who they are. */
    findMsMax: 3 * second,
  },
  pages: {
    /** Pages that may be under way at once, downloads among them; the next is sent away. */
    underWayMax: 1_000,
    /** Connections from the thread of the API to the one of the pages. */
    connectionsMax: 1_000,
    /** Longer than any statement of a page may take. */
    answerMsMax: 60 * second,
    keepAliveMs: 20 * second,
    /** Linux's word for how much a thread lets others go first: calls before pages. */
    niceness: 5,
    restartAfterMs: second,
    stopMsMax: 3 * second,
  },
  downloads: {
    /** Each reads the database without a break. */
    anAccountMax: 2,
    aProcessMax: 8,
  },
  watch: {
    /** Revoked keys are also looked up here, for when Redis is away: a stream ends within 5 s. */
    revokedEveryMs: 2 * second,
    catalogEveryMs: 5 * second,
    heartbeatEveryMs: 10 * second,
    sweepEveryMs: 20 * second,
    /** Calls that could not be booked stay held this long beyond what kept them from it. */
    givenUpEveryMs: 10 * second,
    renewEveryMs: 60 * second,
    sessionsEveryMs: 10 * minute,
    /** Partitions are made months ahead, so any day will do. */
    partitionsEveryMs: 24 * 60 * minute,
  },
  log: {
    /** A failure repeats as often as calls come in; an operator needs to read it, and how often. */
    failureEveryMs: second,
    /** Kinds of failure known at once: each is an event with an error's name and code. */
    failureKindsMax: 200,
  },
  shutdown: {
    drainMsMax: 30 * second,
    /** After that, the time to tell clients, to count and to charge. */
    cutMsMax: 5 * second,
    /** Settlements that still wait for a database that is away. */
    settleMsMax: 5 * second,
  },
} as const
