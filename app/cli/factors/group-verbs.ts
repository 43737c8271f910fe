import { removeGroup, setGroup, setGroupModels } from '../../accounts/accounts.server.ts'
import { formatFactor } from '../../values/factors.ts'
import { limits } from '../../config/limits.ts'
import { knownScope, readScope } from '../model-scope.ts'
import { done } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { groupListVerb } from './group-list.ts'
import { groupOf, refusedFor, times } from './group-names.ts'

const { groupModelsCharsMax } = limits.accounts

const set: Verb = {
  usage: 'group set <group> <factor>',
  does: 'Make a group, or change how many times the price its accounts pay',
  prepare(args) {
    const name = groupOf(args, 'group')
    const factor = args.factor('factor', 0)
    return async ({ pool, actor, announceMoney }) => {
      const result = await setGroup(pool, { name, factor, actor })
      if (result.state === 'refused') return refusedFor(result.why, 0, name)
      if (result.state === 'set' && result.members > 0) await announceMoney('all')
      const { state, members } = result
      const document = { name, factor: formatFactor(factor), members, changed: state === 'set' }
      const whoever = members === 1 ? 'Its one account' : `Its ${members} accounts`
      const is = state === 'set' ? 'From now on' : 'As before,'
      const who = `${is} group ${name} ${times(factor)}.`
      const own = `${whoever} did so at once, but for those that have a factor of their own.`
      return done(document, state === 'set' && members > 0 ? `${who} ${own}` : who)
    }
  },
}

const remove: Verb = {
  usage: 'group remove <group>',
  does: 'Remove a group that no account is in',
  prepare(args) {
    const name = groupOf(args, 'group')
    return async ({ pool, actor }) => {
      const result = await removeGroup(pool, { name, actor })
      if (result !== 'removed') return refusedFor(result, 0, name)
      return done({ name, removed: true }, `There is no group ${name} any more.`)
    }
  },
}

const models: Verb = {
  usage: 'group models <group> <models>',
  does:
    'Let accounts of a group call these models only, with commas between them; a name that ends ' +
    'with * stands for all that begin so; none ends that',
  prepare(args) {
    const name = groupOf(args, 'group')
    const asked = readScope(args, { all: 'none', charsMax: groupModelsCharsMax }) ?? null
    return async ({ pool, actor }) => {
      const scope = asked ? await knownScope(pool, asked) : { models: null }
      if ('refusal' in scope) return scope.refusal
      const { models } = scope
      const result = await setGroupModels(pool, { name, models, actor })
      if (result === 'no such group') return refusedFor(result, 0, name)
      const which = models === null ? 'all models' : models.join(', ')
      const document = { name, models, members: result.members }
      return done(document, `From now on accounts of group ${name} may call ${which}.`)
    }
  },
}

export const groupVerbs = [groupListVerb, set, models, remove]
