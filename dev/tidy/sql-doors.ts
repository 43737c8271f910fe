import type { SourceFile } from './source-tree.ts'

/** `usage` of both `sql/usage/list.sql` and `app/usage/list.ts`; empty for a file of no room. */
const roomOf = ({ path }: SourceFile) => /^\w+\/([\w-]+)\//.exec(path)?.[1] ?? ''

/** Code that names a statement of another room, be it to run it or for its types. */
export function foreignStatements(code: SourceFile[], statements: SourceFile[]): string[] {
  const names = new Set(statements.map(({ path }) => path.slice('sql/'.length, -'.sql'.length)))
  return code.flatMap((file) => {
    // Both groups are in every match.
    const named = [...file.text.matchAll(/(['"`])([\w-]+(?:\/[\w-]+)+)\1/g)].map(([, , it]) => it!)
    return [...new Set(named)]
      .filter((name) => names.has(name) && !name.startsWith(`${roomOf(file)}/`))
      .map((name) => `${file.path} names ${name}`)
  })
}

const ownTables = new Set([
  'holds',
  'entries',
  'calls',
  'usage_quarters',
  'account_quarters',
  'zone_folds',
  'usage_zone_days',
  'account_zone_days',
])
/** Of `accounts` only these are the ledger's; the name and the status are not. */
const money = '(?:plan_nanos|plan_held_nanos|balance_nanos|balance_held_nanos|entry_seq)'
const names = new RegExp(`\\b${money}\\b`)
const assigns = new RegExp(`\\b${money}\\s*=`)

const modifiers = '(?:(?:low_priority|high_priority|delayed|quick|ignore)\\s+)*'
// What ends a part of a statement: another clause, the statement, or the text it is written in.
const rest = `[^;'"\`]*`
const end = `[;'"\`]|$`

/** Each form of writing: what finds it, which of its parts names tables, and what follows that. */
const forms = [
  `(?:insert|replace)\\s+${modifiers}(?:into\\s+)?(?<tables>[\\w.]+)(?<tail>${rest})`,
  `update\\s+${modifiers}(?<tables>${rest}?)\\bset\\b(?<tail>${rest}?)(?=\\bwhere\\b|${end})`,
  `delete\\s+${modifiers}(?<tables>${rest}?\\bfrom\\b${rest}?)(?=\\bwhere\\b|${end})`,
  `load\\s+data\\b[^;]*?\\binto\\s+table\\s+(?<tables>[\\w.]+)`,
  `truncate\\s+(?:table\\s+)?(?<tables>[\\w.]+)`,
].map((form) => new RegExp(`\\b${form}`, 'gi'))

type Write = { verb: string; tables: string[]; tail: string }

/** In TypeScript the texts of statements stand between quotes; in a file of its own all is text. */
function textOf({ path, text }: SourceFile): string {
  if (!path.endsWith('.sql')) return text
  const bare = text.replace(/--.*$/gm, '').replace(/\/\*[^]*?\*\//g, '')
  return bare.replaceAll('`', '')
}

function writesOf(file: SourceFile): Write[] {
  const text = textOf(file)
  // Every form begins with its verb and names its tables.
  return forms.flatMap((form) =>
    [...text.matchAll(form)].map(({ 0: whole, groups }) => ({
      verb: whole.split(/\W/, 1).join('').toLowerCase(),
      tables: (groups?.tables ?? '').toLowerCase().match(/\w+/g) ?? [],
      tail: (groups?.tail ?? '').toLowerCase(),
    })),
  )
}

/** Whether a write that names `accounts` can change money: also where it does not say its columns. */
function touchesMoney({ verb, tail }: Write): boolean {
  if (verb === 'update') return assigns.test(tail)
  if (verb === 'insert') return names.test(tail) || !/^\s*\(/.test(tail)
  return true
}

/**
 * Statements of any room but the ledger that write what is the ledger's, and code that does so by
 * itself. Tables that a write only joins are taken for written: better one too many.
 */
export function foreignWrites(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => !path.startsWith('sql/ledger/'))
    .flatMap((file) => {
      const found = writesOf(file).flatMap((write) =>
        write.tables.filter(
          (table) => ownTables.has(table) || (table === 'accounts' && touchesMoney(write)),
        ),
      )
      return [...new Set(found)].map((table) => `${file.path} writes ${table}`)
    })
}
