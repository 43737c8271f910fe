import { relative } from 'node:path'
import { limits } from '../config/limits.ts'
import { faultOf } from '../errors/faults.ts'
import type { Fields } from './fields.ts'

const { causesMax, framesMax } = limits.log

// A name and a code are words of a programmer's. What does not look like one may be somebody's data.
const nameForm = /^[A-Za-z][\w$]{0,59}$/
const codeForm = /^([A-Z][A-Z0-9_:]*|[a-z]+(_[a-z]+)*)$/

type Failure = { name?: unknown; code?: unknown; errno?: unknown; cause?: unknown }
const asFailure = (error: unknown) => (error ?? {}) as Failure

/** The failure and what caused it, outermost first. */
function chainOf(error: unknown): unknown[] {
  const chain = [error]
  while (chain.length <= causesMax) {
    const { cause } = asFailure(chain.at(-1))
    if (cause === undefined || cause === null) break
    chain.push(cause)
  }
  return chain
}

const codeOf = ({ code }: Failure) =>
  typeof code === 'string' && code.length <= 60 && codeForm.test(code) ? code : undefined
const errnoOf = ({ errno }: Failure) => (typeof errno === 'number' ? errno : undefined)

/** What may be said of a failure: its kind and code. Its message may quote a statement's values. */
export function failureFields(error: unknown): Fields {
  const failures = chainOf(error).map(asFailure)
  const { name } = asFailure(error)
  return {
    error: typeof name === 'string' && nameForm.test(name) ? name : typeof error,
    code: failures.map(codeOf).find((code) => code !== undefined),
    errno: failures.map(errnoOf).find((errno) => errno !== undefined),
  }
}

/** Failures of one kind are told as one. */
export const kindOf = (event: string, { error, code, errno }: Fields) =>
  [event, error, code, errno].join(' ')

// Nobody answered, or not in time; undici's own limits and lost connections.
const outageNames = new Set(['AbortError', 'TimeoutError'])
const outageCodes = /^(UND_ERR_[A-Z_]+|LEDGER_AWAY|overloaded|upstream_[a-z]+)$/

/** True where something outside of this program is away; what is left is a mistake of ours. */
export const isOutage = (error: unknown): boolean =>
  chainOf(error).some((failure) => {
    const { name } = asFailure(failure)
    if (typeof name === 'string' && outageNames.has(name)) return true
    const code = codeOf(asFailure(failure))
    if (code && outageCodes.test(code)) return true
    return faultOf(failure ?? {}) !== 'refused'
  })

const frame =
  /^ {4}at (?:async )?(?:(?:new )?([\w$.<>#]+)(?: \[as [\w$.]+\])? \()?([^()]+):(\d+):\d+\)?$/
const pathForm = /^[\w@$.+~/:-]{1,200}$/

/** Where a file is within the project, the packages or Node, without what is above it. */
function placeOf(address: string): string | undefined {
  if (address.startsWith('node:')) return pathForm.test(address) ? address : undefined
  const [plain = ''] = address.split('?', 1)
  const path = plain.replace(/^file:\/\//, '')
  const place = /node_modules\/.*$/.exec(path)?.[0] ?? relative(process.cwd(), path)
  return pathForm.test(place) ? place : undefined
}

/**
 * The frames of a stack as `function file:line`. What stands before them is the message, which may
 * look like frames itself: where it cannot be told from them there are none.
 */
function framesOf(error: unknown): string | undefined {
  const { stack, message } = error instanceof Error ? error : { stack: '', message: '' }
  const name = /^[\w$]+(?: \[\w+\])?/.exec(stack ?? '')?.[0]
  if (!stack || !name) return undefined
  const rest = stack.slice(name.length)
  const head = rest.startsWith(`: ${message}\n`) ? `: ${message}` : ''
  if (!rest.startsWith(`${head}\n    at `)) return undefined
  const frames = rest.slice(head.length + 1).split('\n')
  const said = frames.flatMap((line) => {
    const [, called = '', address = '', at = ''] = frame.exec(line) ?? []
    const place = placeOf(address)
    return place ? [`${called} ${place}:${at}`.trim()] : []
  })
  return said.slice(0, framesMax).join(', ') || undefined
}

/** Where a failure came from, and where its cause did. */
export function stackFields(error: unknown): Fields {
  const [outer, ...causes] = chainOf(error).map(framesOf)
  return { stack: outer, causeStack: causes.find((frames) => frames !== undefined) }
}
