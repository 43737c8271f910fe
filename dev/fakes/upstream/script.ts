import { behaviours, type Behaviour } from './behaviours.ts'

/** What one request asked the demo upstream to do, with the arguments as they were written. */
export type Script = ReadonlyMap<Behaviour, string>

const sentinel = /\[\[([a-z0-9-]+)(?::([^\]]*))?\]\]/g

/** Collects the behaviours named in the model and in the last user text; others are plain text. */
export function parseScript(model: string, lastUserText: string): Script {
  const script = new Map<Behaviour, string>()
  const [base = '', ...suffixes] = model.split('+')
  if (base.startsWith('demo-')) suffixes.unshift(base.slice('demo-'.length))
  for (const suffix of suffixes) {
    const colon = suffix.indexOf(':')
    if (colon < 0) add(script, suffix, '')
    else add(script, suffix.slice(0, colon), suffix.slice(colon + 1))
  }
  for (const [, name = '', arg = ''] of lastUserText.matchAll(sentinel)) add(script, name, arg)
  return script
}

/** The whole, non-negative number given to a behaviour, or `otherwise` when there is none. */
export function numberOf(script: Script, name: Behaviour, otherwise: number): number {
  const arg = script.get(name)
  return arg !== undefined && /^\d{1,9}$/.test(arg) ? Number(arg) : otherwise
}

function add(script: Map<Behaviour, string>, name: string, arg: string) {
  if (Object.hasOwn(behaviours, name)) script.set(name as Behaviour, arg)
}
