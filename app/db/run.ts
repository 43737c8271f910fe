import { bind, readStatements, type Bound, type Statement } from './statement.ts'
import { write, type Written } from './write.ts'
import type { Statements } from './statements.gen.ts'

/** Anything that carries one statement to the database: the pool, a transaction. */
export type Db = { send(bound: Bound): Promise<unknown> }

type StatementName = keyof Statements
export type Params<N extends StatementName> = Statements[N]['params']
export type Row<N extends StatementName> = Statements[N]['row']
type StatementAnswer<N extends StatementName> = {
  one: Row<N>
  maybe: Row<N> | undefined
  many: Row<N>[]
  count: number
  id: number
}[Statements[N]['returns']]

// The files are constants of the program, like its code: read once, from the working directory,
// because the bundles that use them live in build/.
let loaded: Map<string, Statement> | undefined
const all = () => (loaded ??= readStatements('sql'))

function find(name: string): Statement {
  const found = all().get(name)
  if (!found) throw new Error(`No statement file sql/${name}.sql`)
  return found
}

/** The statement file `name` with its values beside it, for the pool. */
const statement = <N extends StatementName>(name: N, params: Params<N>): Bound =>
  bind(find(name), params)

/** The statement file `name` with its values in it, for a lane's list. */
export const written = <N extends StatementName>(name: N, params: Params<N>): Written =>
  write(find(name), params)

/** What the driver answered, in the form the statement's header promises. */
export function answerOf<N extends StatementName>(
  name: N,
  bound: Bound,
  raw: unknown,
): StatementAnswer<N> {
  const { returns } = bound.statement
  if (returns === 'count')
    return (raw as { affectedRows: number }).affectedRows as StatementAnswer<N>
  if (returns === 'id') return (raw as { insertId: number }).insertId as StatementAnswer<N>
  const rows = raw as Row<N>[]
  if (returns === 'many') return rows as StatementAnswer<N>
  if (rows.length > 1) throw new Error(`${name} answered ${rows.length} rows`)
  if (returns === 'one' && rows.length === 0) throw new Error(`${name} answered no row`)
  return rows[0] as StatementAnswer<N>
}

/** Runs the statement file `sql/<name>.sql`. Parameters and answer are typed by the live schema. */
export async function run<N extends StatementName>(db: Db, name: N, params: Params<N>) {
  const bound = statement(name, params)
  return answerOf(name, bound, await db.send(bound))
}
