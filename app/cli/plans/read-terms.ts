import { byNameOf, readModels } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import type { Pool } from '../../db/db.server.ts'
import type { PlanTerms } from '../../plans/plans.server.ts'
import type { Arguments } from '../arguments.ts'

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
  const text = args.text('models', undefined, { charsMax: modelsCharsMax / 2 })
  if (text === undefined) return undefined
  if (text.trim() === 'all') return null
  const models = [...new Set(text.split(',').map((name) => name.trim()))]
  if (models.includes('')) args.problems.push('models has an empty name in it')
  if (models.some((name) => /\*./.test(name) || name === '*'))
    args.problems.push('a * stands at the end of a name only, behind how it begins; or say all')
  if (models.length > modelsMax) args.problems.push(`models may name at most ${modelsMax}`)
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

/**
 * The same with models by the names that they have in the books; or the name that stands for none:
 * a plan of it would pay for nothing, and nobody would know why.
 */
export async function withKnownModels(
  pool: Pool,
  terms: Partial<PlanTerms>,
): Promise<Partial<PlanTerms> | string> {
  if (!terms.models) return terms
  const known = await readModels(pool)
  const byName = byNameOf(known)
  const models: string[] = []
  for (const name of terms.models) {
    const start = name.endsWith('*') ? name.slice(0, -1) : undefined
    const found =
      start === undefined
        ? byName.get(name)?.name
        : known.some((model) => model.name.startsWith(start)) && name
    if (!found) return name
    models.push(found)
  }
  return { ...terms, models: [...new Set(models)] }
}
