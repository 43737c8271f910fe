import { setTimeout as sleep } from 'node:timers/promises'
import { CannotContinue } from '../../dev/command/announce.ts'
import { judge } from '../judge.ts'
import { isRight, linesOf, type Section } from '../proof.ts'
import type { Relay } from '../relays.ts'
import { Record } from './record.ts'
import type { Stage } from './stage.ts'
import { migrationsBetween, type Version } from './versions.ts'

/** So long do versions serve beside each other in each order. */
const besideMs = 8_000
const newerAllowed = { ALLOW_NEWER_SCHEMA: '1' }

type Scene = {
  stage: Stage
  record: Record
  before: Version
  after: Version
  secret: string
  /** What is new in the later version, and what of it wants the earlier one stopped. */
  due: number
  stopping: number
}

/** A customer with a key, as the earlier version makes one; answers the key. */
async function makeCustomer({ cli }: Stage, before: Version): Promise<string> {
  for (const args of [
    ['account', 'create', '--name', 'a customer'],
    ['grant', '1', '1000.00'],
  ]) {
    const said = await cli(before, ...args)
    if (said.status !== 0) throw new CannotContinue(said.text)
  }
  const { text } = await cli(before, 'key', 'create', '--account', '1', '--name', 'load')
  const [secret] = /sk-[0-9A-Za-z]{32}/.exec(text) ?? []
  if (secret === undefined) throw new CannotContinue(text)
  return secret
}

async function mustStart(stage: Stage, version: Version, env = {}): Promise<Relay> {
  const joined = await stage.join(version, env)
  if ('relay' in joined) return joined.relay
  throw new CannotContinue(`${version.name} did not start:\n${joined.refusal}`)
}

/** What a start that was refused has said, in a line. */
function wordsOf(refusal: string): string {
  const words = /(?:This database was migrated|Before this version may)[^"\n]*/.exec(refusal)?.[0]
  return `refused: ${words ?? refusal.trim().split('\n').at(-1) ?? ''}`
}

/** The earlier version serves, and the later one joins it; answers the later one. */
async function laterJoins(scene: Scene, old: Relay[]): Promise<Relay> {
  const { stage, record, after, stopping } = scene
  const joined = await record.during('the later joins the earlier', scene.secret, async () => {
    await sleep(besideMs / 4)
    const first = await stage.join(after)
    await sleep(besideMs)
    if ('relay' in first) for (const relay of old) await stage.leave(relay)
    return first
  })
  const refusal = 'refusal' in joined ? joined.refusal : undefined
  record.note({
    what: 'the later joins two of the earlier',
    seen: refusal === undefined ? 'it serves beside them' : wordsOf(refusal),
    isRight: stopping > 0 ? /must be stopped/.test(refusal ?? '') : refusal === undefined,
  })
  if ('relay' in joined) return joined.relay
  for (const relay of old) await stage.leave(relay)
  return mustStart(stage, after)
}

/** The later version serves, and the earlier one comes back, as on the way back to it. */
async function earlierReturns(scene: Scene, later: Relay): Promise<void> {
  const { stage, record, before, secret, due, stopping } = scene
  const untold = await record.during('the earlier comes back, untold', secret, () =>
    stage.join(before),
  )
  if ('relay' in untold) await stage.leave(untold.relay)
  const refusal = 'refusal' in untold ? untold.refusal : undefined
  record.note({
    what: 'the earlier comes back, untold',
    seen: refusal === undefined ? 'it serves' : wordsOf(refusal),
    isRight: due > 0 ? /ALLOW_NEWER_SCHEMA/.test(refusal ?? '') : refusal === undefined,
  })
  if (stopping > 0) return
  await record.during('the earlier beside the later, then alone', secret, async () => {
    await mustStart(stage, before, newerAllowed)
    await sleep(besideMs)
    await stage.leave(later)
    await sleep(besideMs / 4)
  })
  await record.verify(before)
}

/** Everything that is done with relays of two versions on one database, and what came of it. */
export async function bothOrders(
  stage: Stage,
  before: Version,
  after: Version,
  say: (line: string) => void,
): Promise<Section> {
  const record = new Record(stage, say)
  const added = migrationsBetween(before, after)
  const old = [await mustStart(stage, before), await mustStart(stage, before)]
  const secret = await makeCustomer(stage, before)
  const stopping = added.filter(({ stopsOldRelays }) => stopsOldRelays).length
  const scene = { stage, record, before, after, secret, due: added.length, stopping }
  const later = await laterJoins(scene, old)
  await record.verify(after)
  await earlierReturns(scene, later)
  const verified = await record.verify(after)
  const { heard, episodes, seconds } = record
  const judgement = await judge(stage, heard, episodes)
  const run = { seconds, episodes, judgement, verified, slowCall: undefined }
  const names = added.map(({ name }) => name.slice(0, 4)).join(', ') || 'none'
  return {
    title: 'Two versions on one database',
    isRight: isRight(run) && record.isRight,
    lines: [
      `The earlier is ${before.name}; migrations that are new in the later: ${names}.`,
      '',
      ...linesOf(run),
      '',
      ...record.lines(),
    ],
  }
}
