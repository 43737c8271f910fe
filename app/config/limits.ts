/** Every bound of the program in one place, each with its reason. Times in ms unless the name says. */

import { addressLimits } from './bounds/address-limits.ts'
import { bodyLimits } from './bounds/body-limits.ts'
import { choiceLimits } from './bounds/choice-limits.ts'
import { codeLimits } from './bounds/code-limits.ts'
import { databaseLimits } from './bounds/database-limits.ts'
import { keyLimits } from './bounds/key-limits.ts'
import { ledgerLimits } from './bounds/ledger-limits.ts'
import { noticeLimits } from './notices/notice-limits.ts'
import { pageLimits } from './bounds/page-limits.ts'
import { planLimits } from './bounds/plan-limits.ts'
import { paymentLimits } from './bounds/payment-limits.ts'
import { priceLimits } from './bounds/price-limits.ts'
import { priceListLimits } from './bounds/price-list-limits.ts'
import { processLimits } from './bounds/process-limits.ts'
import { rateLimits } from './bounds/rate-limits.ts'
import { teamLimits } from './bounds/team-limits.ts'
import { upstreamLimits } from './bounds/upstream-limits.ts'

const second = 1_000
const minute = 60 * second
const MiB = 1024 * 1024

export const limits = {
  ...pageLimits,
  ...planLimits,
  ...paymentLimits,
  ...noticeLimits,
  ...priceLimits,
  ...priceListLimits,
  ...addressLimits,
  ...bodyLimits,
  ...choiceLimits,
  ...codeLimits,
  ...processLimits,
  ...rateLimits,
  ...upstreamLimits,
  ...teamLimits,
  db: databaseLimits,
  http: {
    /** A client that needs longer to send a body is holding a place, not asking a question. */
    bodyMsMax: 60 * second,
    headersMsMax: 20 * second,
    /**
     * Longer than any proxy's own idle time, so that the proxy closes first and loses no call on a
     * connection that we close just then: Google's balancer keeps them for 600 s.
     */
    keepAliveSecondsUsual: 620,
    keepAliveSecondsMax: 3_600,
    /**
     * Of a client’s own query and headers, where those pass unknown: a quarter of what servers take
     * of all (Node 16 KiB), half of what they take of one line (nginx 8 KiB). Agents send some 500.
     */
    passedHeadBytesMax: 4 * 1024,
    /** Calls under way in one process; each holds two sockets and some buffers. */
    callsMax: 10_000,
    /** A page of models as Anthropic's clients ask for it: its own figures. */
    models: { pageUsual: 20, pageMax: 1_000 },
    /** Encodings of one body, one on top of the other. Nobody needs two; each is undone in memory. */
    encodingsMax: 2,
    /** 2²³ bytes, the largest window that RFC 9659 has a decoder of HTTP take. */
    zstdWindowLogMax: 23,
    /** `/readyz` is open to anybody, and looks at the whole catalogue. */
    readyEveryMs: second,
    /** How long a browser remembers that a page may call the API: none keeps it for longer. */
    preflightSecondsMax: 86_400,
    /**
     * Connections, of which many are idle: twice the calls. One client has no more than half. Who
     * comes when there is no room takes that of the one that has been idle for longest.
     */
    connectionsMax: 20_000,
    connectionsAnAddressMax: 10_000,
    /** Node looks for those that are late so often; its own half a minute would double the limits. */
    lateEveryMs: 5 * second,
    json: {
      /** Nested deeper than any request that makes sense; JSON.stringify fails near 5,000. */
      depthMax: 200,
      /**
       * Ten for each of the most messages. A value takes up to a hundred bytes of memory, whatever
       * it takes in a body: 20 MiB of `{}` would be a gigabyte.
       */
      valuesMax: 100_000,
      /** Of a list of nothing but numbers, which take a tenth: tokens of all embeddings, and more. */
      numbersMax: 310_000,
      /** Messages, and parts of messages; providers take fewer, and each of them is looked at. */
      itemsMax: 10_000,
      /**
       * A shorter string is text to whoever only looks at its length; a longer one is read by
       * itself, in steps of so many bytes, a millisecond of the hardest.
       */
      longBytesLeast: 4 * 1024,
      stepBytes: 128 * 1024,
      /** What a value counts for in a step, besides its bytes: it takes as long to make. */
      bytesAValue: 256,
      /** What is kept of the others to know them by: a longer name of a file is no name. */
      startChars: 2_048,
    },
    /** Node joins a head and a short text into one write; a long one goes out as its bytes. */
    textBytesMax: 8 * 1024,
    /** A copy of more than this costs as much as the writes that it saves (docs/decisions/0013). */
    joinBytesMax: 4 * 1024,
  },
  answers: {
    /** What plain answers take of memory until their clients have them; one more is beyond it. */
    processBytesMax: 96 * MiB,
    /** The longest there is. */
    accountBytesMax: 64 * MiB,
    /** What undici hands on at a time, and the kernel takes. */
    pieceBytesMax: 64 * 1024,
    /** Longer than a client may take, so that whoever waits for one gets its room. */
    waitMsMax: 90 * second,
    /** A client that needs longer is slow, and is let go where others wait for its room. */
    takeMsMax: minute,
    lookEveryMs: second,
    /** Longer ones are read by where their members stand: to parse one takes many times its bytes. */
    parsedBytesMax: MiB,
    /** Of one that broke off, what is looked through for what was said. */
    brokenBytesMax: 256 * 1024,
  },
  endpoints: {
    chat: {
      /** Vision requests carry images as text; larger bodies belong to a file interface. */
      bodyBytesMax: 20 * MiB,
      answerBytesMax: 64 * MiB,
      /** One SSE event: a picture in a stream is as large as in a plain answer. */
      eventBytesMax: 64 * MiB,
    },
    embeddings: {
      /** `tokensMax` take half of that as text, and a quarter as numbers. */
      bodyBytesMax: 8 * MiB,
      answerBytesMax: 64 * MiB,
      /** There are no streams. */
      eventBytesMax: 0,
      /** OpenAI's own bounds of a request (its reference, "Create embeddings"). */
      inputsMax: 2_048,
      tokensMax: 300_000,
      /** The most numbers that a common model makes of a text: text-embedding-3-large has 3,072. */
      dimensionsUsual: 3_072,
      /** Of one of them, in a line of its own as OpenAI writes it; as base64 it is six. */
      bytesPerNumber: { float: 24, base64: 6 },
    },
    completions: {
      bodyBytesMax: 20 * MiB,
      answerBytesMax: 64 * MiB,
      eventBytesMax: 64 * MiB,
      /** As many as there are embeddings in one request. */
      promptsMax: 2_048,
      /** What a call without a limit of its own has (OpenAI's reference, "Create completion"). */
      outputTokensUsual: 16,
      /** OpenAI's own. */
      choicesMax: 128,
    },
    responses: {
      /** As for chat: talks with pictures in them. */
      bodyBytesMax: 20 * MiB,
      answerBytesMax: 64 * MiB,
      /** The last event has the whole answer in it once more. */
      eventBytesMax: 64 * MiB,
    },
    messages: {
      /** Pictures and files come as text, as in chat; Anthropic's own bound is 32 MB. */
      bodyBytesMax: 20 * MiB,
      answerBytesMax: 64 * MiB,
      eventBytesMax: 64 * MiB,
      /** What the provider says of tools before the first: 313 to 804 tokens (its guide to tools). */
      toolsTokens: 1_000,
      /** And of each of its own, such as that of a computer: 245 to 735. */
      perTool: 1_000,
      /** What a search finds: some five pages of excerpts. */
      perSearch: 8_000,
      /** Nobody needs more in one call; each multiplies what is held. */
      searchesMax: 20,
    },
    countTokens: {
      /** As what is counted. */
      bodyBytesMax: 20 * MiB,
      /** A number. */
      answerBytesMax: MiB,
      /** There are no streams. */
      eventBytesMax: 0,
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
  responses: {
    /** What a client that names no limit may have searched: agents rarely ask for more than five. */
    searchesMost: 8,
    /** And one that names its own; what such a hold comes to is dollars. */
    searchesAskedMax: 100,
    /** What the model reads of what one search has found, and of the pages that it opens. */
    tokensASearch: 8_000,
    /** A smaller `max_output_tokens` is refused (OpenAI's reference, "Create a model response"). */
    outputTokensLeast: 16,
    /** Sealed thoughts are some four characters a token, sealed and written in base64. */
    sealedCharsPerToken: 6,
    /** Those of OpenAI have fifty-odd. */
    idCharsMax: 200,
    stored: {
      /** As long as OpenAI keeps a response. */
      days: 30,
      /** A client waits for its last event meanwhile, and has waited for the settlement. */
      noteMsMax: second,
      /** As for a key: then it is told to come again. */
      findMsMax: 3 * second,
      /** What is kept is there at once, or not at all. */
      askMsMax: 30 * second,
      /** Asked for at once by one account in one process: an agent needs one, a page of them some. */
      anAccountMax: 20,
      /** By all of them: each holds a socket to an upstream, and the database for a moment. */
      aProcessMax: 500,
      /** 1,000 rows are deleted in some 10 ms; so many turns are more than come between two sweeps. */
      sweep: { rows: 1_000, turnsMax: 500 },
    },
  },
  upstream: {
    connectMsMax: 10 * second,
    /** Thinking models answer headers late on plain calls: the SDKs' own limit is 10 minutes. */
    headersMsMax: 10 * minute,
    /** Longest silence within a stream. Thinking models pause for up to a minute. */
    idleMsMax: 90 * second,
    totalMsMax: 30 * minute,
    /**
     * A plain call whose client has gone still runs to its end, for its usage: as long as a model
     * may think before its answer, or whoever leaves would have the longer thoughts for nothing.
     */
    orphanMsMax: 10 * minute,
    /** Names of accounts that are kept once they are made: some megabytes of them. */
    pseudonymsMax: 50_000,
    /** One for each call that may be under way: a call without one would wait behind open streams. */
    connectionsMax: 10_000,
    /** What an upstream may ask a client to wait; longer is no passing trouble. */
    retryAfterSecondsMax: 60,
    /** Of an error answer, what is looked through for its words: validators repeat the request in it. */
    errorBytesMax: MiB,
    /** Of its words, what a person reads of them; longer ones quote the request. */
    errorCharsMax: 2_000,
    /** Errors lie in errors, of relays behind relays; no further than this. */
    errorDepthMax: 8,
    /** A validator complains of every wrong member; more than these nobody mends at once. */
    complaintsMax: 10,
  },
  readOns: {
    /** Longer than an answer of a few words takes to be thought of, and no longer than it must be. */
    secondsUsual: 30,
    /** Streams that are read on without a client: each keeps its hold, a socket and some buffers. */
    aProcessMax: 1_000,
    /** More than people and agents give up within so long; whoever does so on purpose must wait. */
    anAccountMax: 50,
    /** How long their next calls wait for one of those to end, before they are told to come again. */
    waitMsMax: 30 * second,
    /** Each of those that wait keeps a connection that others could have. */
    waitingMax: 100,
  },
  stream: {
    /** After its end nothing more is due; an upstream that does not close by then is let go. */
    restMsMax: second,
    /**
     * Behind the last finish reason, where that is an upstream's end: usage follows it at once, and
     * whoever asked waits for so long where it does not.
     */
    finishMsMax: second,
    /** Silence after which a comment tells proxies and clients that the call lives. */
    pingEveryMs: 15 * second,
    /** A reader that takes nothing for this long is gone, whatever its socket says. */
    stalledReaderMsMax: 60 * second,
    /** An upstream may let go of whoever takes nothing for this long: its reader's fault, not its own. */
    slowReaderMsMax: 10 * second,
    /** An upstream that was kept waiting gives up within its own idle time, as ours is. */
    slowReaderKeptMs: 90 * second,
    /** Delivered events kept for counting before they are counted and let go. */
    uncountedBytesMax: 16 * 1024,
    /** What waits for a slow reader before the upstream is asked to wait. */
    bufferBytesMax: 64 * 1024,
  },
  ledger: ledgerLimits,
  tokens: {
    /** Longer tokens than this are rare in any text: its tokens are hardly fewer than so many bytes. */
    bytesPerTokenMost: 16,
    /**
     * What one token is in the list of the likeliest, as OpenAI writes it: an indented line for
     * each member and each byte.
     */
    bytesPerLikelyToken: 256,
    /** Of those OpenAI lists no more for each token. */
    likelyTokensMost: 20,
    /** Longest text that is counted exactly; beyond it the bytes stand for the tokens. */
    exactBytesMax: 2 * MiB,
    /** No vocabulary has as many: that of Gemma, the largest in use, has 262,144. */
    idMax: 2_000_000,
    /** What each message costs beyond its text, role and name (OpenAI cookbook says 3 and 1). */
    perMessage: 8,
    perCall: 16,
    /** A limit that a body is given: its longest name, a number, and blanks as printers set them. */
    limitMemberBytes: 64,
    /** High detail, largest size, on any model but the next line's. */
    perImage: 6_300,
    /**
     * Original detail is at most 10,000 patches (OpenAI's guide to images, as Codex counts them),
     * times the dearest multiplier of a small model.
     */
    perImageOriginal: 24_600,
    /** gpt-4o-mini counts 2833 + 8 × 5667 for the same picture. */
    perImageDearest: 48_200,
    /** 1024 × 1024 in high detail on gpt-4o, for bills without figures from the upstream. */
    perImageUsual: 765,
    /** A picture of 1024 × 1024 as the dearer makers count it (Gemini 1,290, gpt-image-1 1,056). */
    perImageDelivered: 1_290,
    /** Base64 characters of a token of speech that a model said: 20 a second, at 64 kbit/s. */
    audioCharsPerToken: 512,
    /** Base64 within a text that is longer than this is a picture, and nothing that a model wrote. */
    embeddedCharsMin: 1_024,
    /** Base64 characters that hold one token of audio: 100 bytes a token at 8 kbit/s. */
    audioBytesPerToken: 32,
    /** More than any model has; figures beyond it are not figures. */
    absurd: 20_000_000,
    /**
     * The library's time grows with the square of a run without spaces (100 kB of it takes 9 s), so
     * a long run is cut; each cut adds at most a token.
     */
    runCharsMax: 512,
    /** In fours, and so many that calling the decoder for each piece costs nothing. */
    base64CharsAtOnce: 64 * 1024,
    /** Escapes read before other calls get their turn: about 1 ms. */
    escapesAtOnce: 4_096,
    /**
     * Calls of one account that are counted before they are let in: one, and those that wait. What
     * did not fit has cost a second of the thread and no money: an account has a quarter of it.
     */
    counts: { lineMax: 100, restTimes: 3, restMsMax: 10 * second },
    /** A text is counted in slices: 2 ms of English, 15 ms of what is hardest to count. */
    sliceChars: 8_192,
    /** What is counted where it is needed: at most 2 ms, and mostly less than asking the thread. */
    nowCharsMax: 1_024,
    /** What the counting thread is given at a time, before another's turn. */
    batchChars: 32_768,
    /**
     * Counts of calls that may not fit their money; the thread makes about four million characters
     * a second of English, so the last of so many long ones waits for a minute.
     */
    holdsWaitingMax: 100,
    /** Longer is counted and let go; a token never spans the cut by more than itself. */
    uncountedCharsMax: 16_384,
    /** Some 8 ms of counting; what comes in larger pieces is counted at the end, in turns. */
    countedAtOnceCharsMax: 32_768,
    /** What is more than that which is counted exactly, and past any hold, counts at least this. */
    charsPerTokenMost: 16,
  },
  keys: keyLimits,
  accounts: {
    /** Per-account money fits a safe integer: 9.0 M USD. */
    nanosMax: 9_000_000_000_000_000,
    /** More people than share one account; a page or a command shows no more of them. */
    usersMax: 50,
    /** Whom to ask for credit is told in a line. */
    contactCharsMax: 200,
    /** A group's factor is changed under the locks of all in it, and their calls wait meanwhile. */
    groupMembersMax: 10_000,
    /** Whoever changes one locks them all; nobody has so many kinds of customers. */
    groupsMax: 100,
    groupNameCharsMax: 50,
    groupModelsCharsMax: 3_000,
  },
  cli: {
    /** A command that waits longer for something it can do without would be taken for stuck. */
    redisMsMax: 1.5 * second,
    /** No verb is half as long: what somebody meant by more, and what is said of it again, ends here. */
    unknownCharsMax: 60,
  },
} as const
