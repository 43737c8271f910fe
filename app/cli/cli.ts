import { BadEnvironment, readCliEnv, readVariable } from '../config/env.ts'
import type { VerbResult } from './verb-result.ts'
import { Arguments } from './arguments.ts'
import {
  checkClock,
  ClockOff,
  databaseTrouble,
  refuseNewerSchema,
  UnfitDatabase,
} from '../db/db.server.ts'
import { printable, printableJson, printableLines } from './printable.ts'
import { unknownVerb } from './unknown-verb.ts'
import { findVerb, helpText, verbNames } from './verbs.ts'
import type { Verb } from './verb.ts'
import { createContext } from './context.ts'

type CliIo = {
  /** In place of the process's own environment. */
  env?: Record<string, string | undefined>
  now: () => Date
  /** What somebody types before a verb, as help and errors say it. */
  calledAs: string
  out(text: string): void
  err(text: string): void
  /** All that comes on standard input. */
  input(): Promise<string>
}

const exitCodes = { done: 0, wrongUsage: 2, noDatabase: 3 } as const

type Failure = { exitCode: number; code: string; lines: string[]; help?: string }

/** A failure goes to stderr in words and, for programs, to stdout as a document too. */
function fail(io: CliIo, asJson: boolean, { exitCode, code, lines, help }: Failure): number {
  if (asJson) {
    const message = lines.join('; ')
    io.out(`${printableJson({ error: { code, message, problems: lines } })}\n`)
  }
  io.err([...lines.map(printable), ...(help ? ['', help] : [])].map((line) => `${line}\n`).join(''))
  return exitCode
}

function print(io: CliIo, asJson: boolean, { exitCode, document, text }: VerbResult): number {
  if (asJson) io.out(`${printableJson(document)}\n`)
  else if ('error' in document) io.err(`${printableLines(text)}\n`)
  else io.out(`${printableLines(text)}\n`)
  return exitCode
}

function codeOf(error: unknown): string {
  if (error instanceof ClockOff) return 'clock_off'
  return error instanceof UnfitDatabase ? 'newer_schema' : 'no_database'
}

async function carryOut(verb: Verb, job: ReturnType<Verb['prepare']>, asJson: boolean, io: CliIo) {
  let env
  try {
    env = readCliEnv(io.env)
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return fail(io, asJson, {
      exitCode: exitCodes.wrongUsage,
      code: 'bad_environment',
      lines: error.wrong,
    })
  }
  const variable = (name: string) => readVariable(name, io.env)
  const context = createContext(env, { variable, input: io.input })
  try {
    if (!verb.isReading && !env.ALLOW_NEWER_SCHEMA) await refuseNewerSchema(context.pool)
    // What it writes is dated by this machine, and what it drops is found by that.
    if (!verb.isReading) await checkClock(context.pool)
    return print(io, asJson, await job(context))
  } catch (error) {
    const isUnfit = error instanceof UnfitDatabase
    const trouble = isUnfit ? error.message : databaseTrouble(error)
    if (!trouble) throw error
    return fail(io, asJson, {
      exitCode: exitCodes.noDatabase,
      code: codeOf(error),
      lines: [trouble],
    })
  } finally {
    await context.close()
  }
}

/** Runs one command and answers its exit code; all that it says goes through `io`. */
export async function runCli(args: string[], io: CliIo): Promise<number> {
  const asJson = args.includes('--json')
  if (args[0] === 'help' || args.includes('--help')) {
    const about = args.filter((arg) => arg !== 'help')
    io.out(`${helpText(io.calledAs, about)}\n`)
    return exitCodes.done
  }
  const found = findVerb(args)
  if (!found) {
    return fail(io, asJson, {
      exitCode: exitCodes.wrongUsage,
      code: 'wrong_usage',
      lines: [unknownVerb(args, verbNames, io.calledAs)],
    })
  }
  const given = new Arguments(found.rest, found.usage)
  const job = found.verb.prepare(given, io.now())
  if (given.problems.length) {
    const help = `Usage: ${io.calledAs} ${found.verb.usage} [--json]`
    return fail(io, asJson, {
      exitCode: exitCodes.wrongUsage,
      code: 'wrong_usage',
      lines: given.problems,
      help,
    })
  }
  return carryOut(found.verb, job, asJson, io)
}
