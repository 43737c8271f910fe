import type {} from '@remix-run/server-runtime'
import type { Dispatcher } from 'undici'
import type { Catalog } from './catalog/catalog.server.ts'
import type { Env } from './config/env.ts'
import type { OidcFacts } from './config/providers.ts'
import type { Guesses } from './guesses/guesses.server.ts'
import type { BodyBudget, Pace, Places, Remembered, Shares } from './http/http.server.ts'
import type { Hosts, Pool } from './db/db.server.ts'
import type { Authenticator, InFlight, Turns } from './keys/keys.server.ts'
import type { OwnLedger, Refusals } from './ledger/ledger.server.ts'
import type { Payments, TopUp } from './payments/payments.server.ts'
import type { Log } from './telemetry/log.ts'
import type { RedisClient } from './redis/redis.server.ts'
import type {
  AnswerBudget,
  Pseudonyms,
  ReadOns,
  StoredAsks,
  Upstreams,
} from './upstreams/upstreams.server.ts'
import type { Doubts, InputShares, Limiter, Rules } from './rates/rates.server.ts'
import type { Downloads } from './usage/usage.server.ts'

/** What the API and the pages both need; each has its own, because they run in threads apart. */
export type Stores = {
  env: Env
  log: Log
  db: Pool
  redis: RedisClient
  /** The database's own name, which tells this installation from others. */
  installation: string
  /** What addresses and accounts have tried in vain. */
  guesses: Guesses
  catalog: Catalog
}

/** All state of the pages: made once in start-pages.ts and handed down from there. */
export type PageServices = Stores & {
  /** What the provider of OIDC says of itself. */
  oidcFacts: Remembered<OidcFacts>
  downloads: Downloads
  /** How people pay for credit. */
  payments: Payments
  /** The API of this relay, as any client reaches it, and who calls it from the playground. */
  playground: { door: Dispatcher; places: Places }
  /** Whose turn it is at the pages, by account. */
  shares: Shares
  /** When accounts are told that they ask for too much. */
  refusals: Pace
}

/** All state of the API of one relay process: made once in server.ts and handed down from there. */
export type Services = Stores & {
  /** Which host of the database is worked with; the pages' thread follows. */
  hosts: Hosts
  ledger: OwnLedger
  /** Calls that were refused for money a moment ago. */
  moneyRefusals: Refusals
  /** How many calls, and of how many tokens, may be made; and who has what limits. */
  rates: { limiter: Limiter; rules: Rules; shares: InputShares; doubts: Doubts }
  /** Where who is refused for money can add some. */
  topUp: TopUp
  upstreams: Upstreams
  /** What upstreams know accounts by. */
  pseudonyms: Pseudonyms
  readOns: ReadOns
  /** Who asks for answers that upstreams keep. */
  storedAsks: StoredAsks
  authenticate: Authenticator
  inFlight: InFlight
  /** Silence in a stream after which its client is told that the call lives. */
  pingEveryMs: number
  /** One exact count of a call's input at a time for each account. */
  counting: Turns
  /** Whose turn it is to be told of what they have used, by account. */
  reads: Shares
  /** What bodies of calls under way take of memory. */
  bodies: BodyBudget
  /** What plain answers take of memory until their clients have them. */
  answers: AnswerBudget
  /** True from SIGTERM on: whoever calls is to go elsewhere next, and is served while they come. */
  draining(): boolean
  /** The machine's clock and the database's are apart: whoever calls is to go elsewhere. */
  clockIsOff(): boolean
  /** True once calls under way are cut for the end of the process: none begins any more. */
  refusing(): boolean
}

declare module '@remix-run/server-runtime' {
  interface AppLoadContext {
    services: PageServices
    cspNonce: string
    /** It came through a proxy, so whoever sent it need not be at this machine. */
    isForwarded: boolean
    /** Where it came from, as far as proxies that the configuration names have said. */
    clientAddress: string
    /** Where an answer may be long: how far the client has taken it. */
    reader?: { ready(): Promise<boolean> }
    /** Resolves when the whole answer is made, or has failed, whether or not its client is there. */
    made: Promise<void>
    /** What is at work for the answer: it may go on when nobody waits for it any more. */
    atWork?: Promise<unknown>[]
    /** The request's turn at the pages, once it has asked for one. */
    turn?: Promise<() => void>
  }
}
