import { limits } from '../../config/limits.ts'
import type { PlanTerms } from '../../plans/plans.server.ts'
import type { Arguments } from '../arguments.ts'
import { readScope } from '../model-scope.ts'

const { nameCharsMax, modelsMax, modelsCharsMax, graceDaysMax, nanosMax } = limits.plans

/** A plan by its name, in one line. */
export const planName = (args: Arguments) =>
  args.text('plan', '', {
    charsMax: nameCharsMax,
    form: /^\S(?:[^\p{Cc}\p{Zl}\p{Zp}]*\S)?$/u,
    wants: `a name in one line, at most ${nameCharsMax} characters, without blanks around it`,
  })

function usdUpTo(args: Arguments, name: string, leastNanos: number): number | undefined {
  const nanos = args.usd(name, undefined, leastNanos)
  if (nanos !== undefined && nanos > nanosMax) args.problems.push(`${name} is at most 1,000,000`)
  return nanos
}

function modelsOf(args: Arguments): string[] | null | undefined {
  const models = readScope(args, { all: 'all', charsMax: modelsCharsMax / 2 })
  if (models && models.length > modelsMax)
    args.problems.push(`models may name at most ${modelsMax}`)
  return models
}

/** What was said of the terms of a plan; what was not is absent. */
export function termsSaid(args: Arguments): Partial<PlanTerms> {
  const group = args.text('group', undefined, {
    charsMax: limits.accounts.groupNameCharsMax,
    form: /^[a-z0-9][a-z0-9._-]*$/,
    wants: 'the name of a group, or none',
  })
  const said = {
    creditNanos: usdUpTo(args, 'credit', 1),
    priceNanos: usdUpTo(args, 'price', 0),
    models: modelsOf(args),
    groupName: group === 'none' ? null : group,
    rolloverNanos: usdUpTo(args, 'rollover', 0),
    graceDays: args.whole('grace-days', undefined, 0, graceDaysMax),
  }
  return Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as Partial<PlanTerms>
}
