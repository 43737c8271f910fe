import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { deleteExpiredSessions } from '../auth/auth.server.ts'
import { createCatalog, hearCatalog, sayUnread, seedCatalog } from '../catalog/catalog.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import {
  checkClock,
  checkDatabase,
  createPool,
  installationName,
  migrate,
  type Hosts,
} from '../db/db.server.ts'
import { createGuesses } from '../guesses/guesses.server.ts'
import { BodyBudget, Shares } from '../http/http.server.ts'
import {
  createAuthenticator,
  cutDead,
  hearRevocations,
  InFlight,
  Turns,
} from '../keys/keys.server.ts'
import {
  announceMoney,
  countRelays,
  createLedger,
  foldDays,
  hearMoney,
  type LedgerOptions,
  type OwnLedger,
  Refusals,
  type SettleOp,
  renewPlans,
  retire,
  sweepDead,
} from '../ledger/ledger.server.ts'
import { deleteExpiredResponses } from '../relay/relay.server.ts'
import type { Log } from '../telemetry/log.ts'
import { hearLimits } from '../rates/rates.server.ts'
import { TopUp } from '../payments/payments.server.ts'
import { createRedis } from '../redis/redis.server.ts'
import type { Services } from '../services.ts'
import {
  AnswerBudget,
  environmentUpstreams,
  hearUpstreams,
  Pseudonyms,
  ReadOns,
  refreshHolds,
  StoredAsks,
  tellStates,
  Upstreams,
} from '../upstreams/upstreams.server.ts'
import { ensurePartitions } from '../usage/usage.server.ts'
import { formatCallId } from '../values/call-id.ts'
import { clockMs, clockNow } from '../values/clock.ts'
import { processHosts } from './database-hosts.ts'
import { tryToOpen } from './open-files.ts'
import { noticeWork } from './notice-work.ts'
import { beginPulse, pulseLimits, type Pulse, type PulseLimits } from './pulse.ts'
import { repeatAll, type Work } from './repeat.ts'
import { ratesWork, startRates } from './start-rates.ts'

export type ServicesOptions = {
  /** The product's own unless given; tests have no time for some of them. */
  ledgerLimits?: LedgerOptions['limits']
  pingEveryMs?: number
  pulse?: PulseLimits
  /** Whoever started it has brought the database up to date. */
  isPrepared?: boolean
  /** Whether it does what only one of several relays has to do; it does unless told. */
  leads?: boolean
}

const openPool = (log: Log, hosts: Hosts) =>
  createPool(hosts, {
    onError: (error) => log.failed('pool_connection_failed', error),
  })

/** Brings the database up to date, and makes sure that it keeps what it is told. */
export async function prepareDatabase(env: Env, log: Log, hosts = processHosts(env, log)) {
  const db = openPool(log, hosts)
  try {
    await checkClock(db)
    const ran = await migrate(hosts, {
      allowNewer: env.ALLOW_NEWER_SCHEMA,
      countRelays: () => (env.ALLOW_OLD_RELAYS ? Promise.resolve(0) : countRelays(db)),
    })
    if (ran.length) log.info('migrated', { count: ran.length, last: ran.at(-1) })
    // They are months ahead: a start does not fail for them.
    await makePartitions(hosts).catch((error: unknown) =>
      log.failed('background_failed', error, { name: 'partitions' }),
    )
    await checkDatabase(db, env.ALLOW_UNSAFE_DATABASE)
    await seedCatalog(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

/** The same where that is done already: what is left to see is this process's own. */
async function openDatabase(_: Env, log: Log, hosts: Hosts) {
  const db = openPool(log, hosts)
  try {
    await checkClock(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

/** Waits for `work`, but no longer than so many milliseconds. */
const within = (ms: number, work: Promise<unknown>) =>
  Promise.race([work, sleep(ms, undefined, { ref: false })])

const makePartitions = (hosts: Hosts) => ensurePartitions(hosts, { now: clockNow() })

/** What upstreams serve is of the catalogue, which is asked again where that has failed. */
const refreshUpstreams = async ({ upstreams, catalog }: Services) => {
  await upstreams.refresh()
  await catalog.refresh()
}
const tellUpstreams = ({ redis, upstreams, ledger }: Services) =>
  tellStates(redis, ledger.relayId.toString('hex'), upstreams.states())

/** Renews plans, and has every relay know whose calls may fit again; the operator, who was left out. */
const renew = ({ db, redis, moneyRefusals, log }: Services) =>
  renewPlans(
    db,
    (accountId) => {
      moneyRefusals.changed(accountId)
      void announceMoney(redis, accountId)
    },
    { onSkipped: (account) => log.warn('plan_left_out', { account }) },
  )

type BackgroundWork = {
  /** Of each relay. */
  own: Work[]
  /** Of one of all that one parent has: several do no harm, and no good. */
  shared: Work[]
}

/** What a relay does besides answering. */
function backgroundWork(services: Services, pulse: Pulse, notices: BackgroundWork): BackgroundWork {
  const { hosts, db, inFlight, catalog, ledger } = services
  const { watch } = limits
  const own = [
    {
      name: 'revoked_keys',
      event: 'revoked_look_failed',
      everyMs: watch.revokedEveryMs,
      work: () => cutDead(db, inFlight),
    },
    {
      name: 'catalogue',
      event: 'catalog_refresh_failed',
      everyMs: watch.catalogEveryMs,
      work: () => catalog.refresh(),
    },
    {
      name: 'upstreams',
      event: 'upstreams_refresh_failed',
      everyMs: watch.upstreamsEveryMs,
      work: () => refreshUpstreams(services),
    },
    {
      name: 'upstreams_by_hand',
      everyMs: watch.upstreamsEveryMs,
      work: () => refreshHolds(services.redis, services.upstreams),
    },
    {
      name: 'upstream_states',
      everyMs: watch.upstreamStatesEveryMs,
      work: () => tellUpstreams(services),
    },
    {
      name: 'open_files',
      event: 'open_files_used_up',
      everyMs: watch.openFilesEveryMs,
      work: tryToOpen,
    },
    ...ratesWork(services, pulse.limits.heartbeatEveryMs),
    { name: 'heartbeat', everyMs: pulse.limits.heartbeatEveryMs, work: () => pulse.beat() },
    { name: 'given_up', everyMs: watch.givenUpEveryMs, work: () => ledger.tryGivenUp() },
  ]
  const shared = [
    { name: 'sweep', everyMs: pulse.limits.sweepEveryMs, work: () => pulse.sweep() },
    { name: 'sessions', everyMs: watch.sessionsEveryMs, work: () => deleteExpiredSessions(db) },
    {
      name: 'stored_responses',
      everyMs: watch.storedEveryMs,
      work: () => deleteExpiredResponses(db),
    },
    { name: 'renew', everyMs: watch.renewEveryMs, work: () => renew(services) },
    { name: 'days', everyMs: watch.foldEveryMs, work: () => foldDays(db, clockMs()) },
    { name: 'partitions', everyMs: watch.partitionsEveryMs, work: () => makePartitions(hosts) },
  ]
  return { own: [...own, ...notices.own], shared: [...shared, ...notices.shared] }
}

/** Does its own work from now on, and what is shared while it leads. */
function startWork(services: Services, pulse: Pulse, leads: boolean) {
  const { log } = services
  const notices = noticeWork(services)
  const { own, shared } = backgroundWork(services, pulse, notices)
  const stopOwn = repeatAll(log, own)
  let stopShared: (() => void) | undefined
  const lead = (isIt: boolean) => {
    if (isIt) return void (stopShared ??= repeatAll(log, shared))
    stopShared?.()
    stopShared = undefined
  }
  lead(leads)
  return {
    lead,
    stop() {
      stopOwn()
      lead(false)
      return notices.close()
    },
  }
}

/** Looks several times, because what it sent last may be carried out after its end. */
async function sweepDeadRelay({ log, db, ledger }: Services, relayId: Buffer) {
  const relay = relayId.toString('hex')
  for (const afterMs of limits.processes.sweepAfterMs) {
    await sleep(afterMs, undefined, { ref: false })
    try {
      const released = await sweepDead(db, ledger, relayId)
      if (released > 0) log.info('dead_relay_swept', { relay, released })
      // With holds left it stays on the list, and the usual sweep finds it.
      await retire(db, relayId)
    } catch (error) {
      log.failed('background_failed', error, { name: 'sweep_dead' })
    }
  }
}

/** Takes news from Redis as soon as there are some. */
async function hearAll(services: Services) {
  const { redis, inFlight, moneyRefusals, catalog, upstreams, rates, log } = services
  hearRevocations(redis, inFlight, (keyId) => moneyRefusals.forget(keyId))
  hearMoney(redis, moneyRefusals)
  hearLimits(redis, rates.rules, log)
  hearCatalog(redis, catalog, log)
  hearUpstreams(redis, upstreams, { refresh: () => refreshUpstreams(services), log })
  await refreshHolds(redis, upstreams)
}

/** Names each bill that nobody will book, in a line of its own: nothing else remembers it. */
function billsLost(log: Log) {
  let count = 0
  return {
    count: () => count,
    name(op: SettleOp) {
      const { costNanos } = op.bill
      if (costNanos === 0) return
      count++
      const { callId, accountId: account } = op.facts
      log.error('bill_lost', { call: formatCallId(callId), account, costNanos })
    },
  }
}

/** With the database away what waits here would wait for ever; its holds are swept later. */
async function settleAll(ledger: OwnLedger, msMax: number, onLost: (op: SettleOp) => void) {
  await within(
    msMax,
    ledger.tryGivenUp({ isLast: true }).then(() => ledger.idle()),
  )
  ledger.owed().forEach(onLost)
  await ledger.close()
}

/** Takes the relay off the list of those that live, and closes its connections. */
async function close({ log, db, ledger, upstreams }: Services) {
  await retire(db, ledger.relayId).catch((error: unknown) => log.failed('retire_failed', error))
  await Promise.all([db.close(), upstreams.closeAll()])
}

/** Closes everything, with Redis last: what is closed before may have news for others. */
async function endAll(services: Services, stopped: Promise<unknown>) {
  await within(limits.shutdown.closeMsMax, Promise.all([stopped, close(services)]))
  services.redis.close()
}

/** What accounts may take of this process. */
const budgets = () => ({
  readOns: new ReadOns(limits.readOns),
  storedAsks: new StoredAsks(limits.responses.stored),
  counting: new Turns(limits.tokens.counts),
  reads: new Shares(limits.usage.reads.share),
  bodies: new BodyBudget(limits.bodies),
  answers: new AnswerBudget(limits.answers),
})

/**
 * Makes all state of one relay process: migrates and checks the database, seeds the catalogue,
 * starts the heartbeat and the background work. `stop` settles what is left and closes everything;
 * it answers how many bills could not be booked, each of which the log names.
 */
export async function startServices(env: Env, log: Log, options: ServicesOptions = {}) {
  const hosts = processHosts(env, log)
  const db = await (options.isPrepared ? openDatabase : prepareDatabase)(env, log, hosts)
  const installation = await installationName(db)
  const redis = createRedis(env.REDIS_URL, installation, log)
  const relayId = randomBytes(16)
  const lost = billsLost(log)
  const moneyRefusals = new Refusals(() => redis.hearing())
  const ledger = createLedger(hosts, {
    relayId,
    limits: options.ledgerLimits ?? limits.ledger,
    failed: log.failed,
    onBillLost: lost.name,
    onFreed: (accountId) => moneyRefusals.changed(accountId),
  })
  const pulse = await beginPulse({ db, ledger, log, limits: options.pulse ?? pulseLimits })
  const inFlight = new InFlight()
  const rates = await startRates({ redis, db, log })
  const relays = () => rates.limiter.live
  const upstreams = new Upstreams({ env, db, log, callsUnderWay: () => inFlight.count, relays })
  await upstreams.refresh()
  const topUp = new TopUp(db, env, log.failed)
  await topUp.look()
  const told = { isDraining: false, isRefusing: false }
  const services: Services = {
    env,
    log,
    hosts,
    db,
    redis,
    installation,
    guesses: createGuesses(redis),
    ledger,
    moneyRefusals,
    topUp,
    catalog: await createCatalog(db, environmentUpstreams(env), sayUnread(log)),
    rates,
    upstreams,
    pseudonyms: new Pseudonyms(env, limits.upstream.pseudonymsMax),
    inFlight,
    ...budgets(),
    authenticate: createAuthenticator(db, limits.keys.cachedMax),
    pingEveryMs: options.pingEveryMs ?? limits.stream.pingEveryMs,
    draining: () => told.isDraining,
    clockIsOff: () => pulse.clockIsOff,
    refusing: () => told.isRefusing,
  }
  await hearAll(services)
  const stopWatch = hosts.watch()
  const work = startWork(services, pulse, options.leads ?? true)
  return {
    services,
    lead: work.lead,
    sweepDead: (dead: Buffer) => sweepDeadRelay(services, dead),
    drain: () => void (told.isDraining = true),
    refuse: () => void (told.isRefusing = true),
    async stop(settleMsMax: number = limits.shutdown.settleMsMax) {
      const stopped = work.stop()
      const before = lost.count()
      await settleAll(ledger, settleMsMax, lost.name)
      await endAll(services, stopped)
      stopWatch()
      return { billsLost: lost.count() - before }
    },
  }
}
