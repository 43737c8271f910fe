import type { Way } from '../endpoint.ts'
import { spliceMembers, type Scan } from '../text/json-members.ts'

/** What we change of a client's body, whatever upstream it goes to. */
type Ours = {
  /** By our names, which the upstream may have others for. */
  set: Record<string, unknown>
  drop?: readonly string[]
  /** By the upstream's own names. */
  theirs?: Record<string, unknown>
}

/**
 * A client's body as an upstream wants it: with our changes and its own. What it is not to get is
 * left out, whoever says it; what it sets itself goes before what the client or we say. Where the
 * client says the same under two names, that of the upstream stands.
 */
export function upstreamBody(raw: Buffer, scan: Scan, ours: Ours, way: Way): Buffer[] {
  const hidden = hiddenOf(raw, scan, way)
  // Almost every plain call goes out as it came: then nothing else is looked for.
  if (!hidden && isNothing(ours) && isPlain(way)) return [raw]
  const edited = hidden ? { ...ours, set: { ...ours.set, ...hidden } } : ours
  const { set, drop, rename } = editsFor(scan, edited, way)
  const isTouched = drop.size > 0 || Object.keys(set).length > 0
  const isRenamed = Object.keys(rename).some((name) => scan.members.has(name))
  return isTouched || isRenamed ? spliceMembers(raw, scan, { set, drop, rename }) : [raw]
}

/** A body that goes out as it came, but for the name of a model that its upstream has another one for. */
export const bodyAsItCame = ({ raw, scan }: { raw: Buffer; scan: Scan }, way: Way): Buffer[] =>
  upstreamBody(raw, scan, { set: way.theirName === null ? {} : { model: way.theirName } }, way)

/**
 * What goes out in place of what the client has said in members that tell customers apart;
 * undefined where it has said nothing there.
 */
function hiddenOf(
  raw: Buffer,
  { members }: Scan,
  { pseudonyms }: Way,
): Record<string, string> | undefined {
  if (!pseudonyms) return undefined
  let hidden: Record<string, string> | undefined
  for (const name of pseudonyms.names) {
    const said = members.get(name)
    if (!said) continue
    const text = raw.toString('utf8', said.valueFrom, said.to).trim()
    // However it is escaped it is the same to an upstream.
    const given: unknown = text.startsWith('"') ? JSON.parse(text) : text
    if (text !== 'null') (hidden ??= {})[name] = pseudonyms.of(name, String(given))
  }
  return hidden
}

function isEmpty(all: object | undefined): boolean {
  for (const name in all) if (Object.hasOwn(all, name)) return false
  return true
}
const isNothing = ({ set, drop, theirs }: Ours) =>
  isEmpty(set) && isEmpty(theirs) && (drop === undefined || drop.length === 0)
const isPlain = ({ set, drop, rename }: Way) => drop.length === 0 && isEmpty(set) && isEmpty(rename)

function editsFor({ members }: Scan, ours: Ours, { set: sets, drop: drops, rename }: Way) {
  const unwanted = new Set(drops)
  const set: Record<string, unknown> = {}
  const put = (name: string, value: unknown) => {
    if (unwanted.has(name)) return
    // What it sets to nothing is not the client's to say either.
    if (value === undefined) unwanted.add(name)
    else set[name] = value
  }
  const nameOf = (name: string) => (Object.hasOwn(rename, name) ? (rename[name] ?? name) : name)
  for (const [name, value] of Object.entries(ours.set)) {
    if (!unwanted.has(name)) put(nameOf(name), value)
  }
  for (const [name, value] of Object.entries(ours.theirs ?? {})) put(name, value)
  for (const [name, value] of Object.entries(sets)) put(name, value)

  const drop = new Set(ours.drop)
  const taken = new Set<string>()
  const isOut = (name: string) => drop.has(name) || unwanted.has(name) || unwanted.has(nameOf(name))
  for (const name of members.keys()) {
    if (isOut(name)) drop.add(name)
    else if (nameOf(name) === name) taken.add(name)
  }
  for (const name of members.keys()) {
    if (drop.has(name) || nameOf(name) === name) continue
    if (taken.has(nameOf(name))) drop.add(name)
    else taken.add(nameOf(name))
  }
  return { set, drop, rename }
}
