import { limits } from '../../config/limits.ts'
import type { PageServices } from '../../services.ts'
import { clockNow } from '../../values/clock.ts'
import { isTalkedTo } from '../models/offered.server.ts'

export const { dayBudgetNanos } = limits.playground
const { modelsShownMax } = limits.playground

/** Models to choose from: those on sale that are talked to, the one that is asked for among them. */
export function chatModels({ catalog }: PageServices, asked: string | null) {
  const able = catalog.list(clockNow()).filter(isTalkedTo)
  const wanted = able.find(({ name, aliases }) => asked === name || aliases.includes(asked ?? ''))
  const names = able.slice(0, modelsShownMax).map(({ name }) => name)
  if (wanted && !names.includes(wanted.name)) names.unshift(wanted.name)
  return { names, chosen: wanted?.name, isCut: able.length > names.length }
}
