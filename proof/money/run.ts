import { CannotContinue, runCommand } from '../../dev/command/announce.ts'
import { writeProof, type Section } from '../proof.ts'
import type { Criterion, Found } from './criterion.ts'
import { limits } from './limits.ts'
import { codes } from './codes.ts'
import { payments } from './payments.ts'
import { planRenewals } from './plans.ts'

const say = (line: string) => console.log(line)

/** All that must hold of money, in full; a word after the command runs one. */
const criteria: Criterion[] = [limits, payments, codes, planRenewals]

const row = ({ what, saw, isRight }: Found) =>
  `| ${what} | ${saw} | ${isRight ? 'yes' : '**no**'} |`

/** Whatever a criterion cannot see to is told as its failure, and the next one is tried. */
async function proveOne({ name, prove }: Criterion): Promise<Found[]> {
  say(`\n## ${name}\n`)
  const startedAt = performance.now()
  const found = await prove(say).catch((error: unknown): Found[] => [
    { what: name, saw: String(error), isRight: false },
  ])
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  say(found.map(row).join('\n'))
  say(`${name}: ${seconds} s`)
  return found
}

async function proveAll(): Promise<number> {
  const words = process.argv.slice(2)
  const wanted = criteria.filter(({ name }) => words.length === 0 || words.includes(name))
  if (wanted.length === 0)
    throw new CannotContinue(
      `npm run check -- money [${criteria.map(({ name }) => name).join('] [')}]`,
    )
  const found: Found[] = []
  for (const criterion of wanted) found.push(...(await proveOne(criterion)))
  const isRight = found.every((it) => it.isRight)
  const section: Section = {
    title: 'Money',
    isRight,
    lines: [
      '`npm run check -- money`, of limits, payments, codes and plans.',
      '',
      '| what | seen | right |',
      '|---|---|---|',
      ...found.map(row),
    ],
  }
  // A part of it does not replace the whole.
  if (wanted.length === criteria.length) writeProof(section)
  return isRight ? 0 : 1
}

await runCommand(proveAll)
