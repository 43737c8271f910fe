import { run, type Db, type Row } from './run.ts'

/** A database that answers, and that money may not be trusted to; the message says why. */
export class UnfitDatabase extends Error {}

type Safety = Omit<Row<'db/read-safety'>, 'sqlMode'> & { sqlMode: string }

/** Why a server that is set so may not be trusted with money; undefined where it may. */
export function unfitness(
  { flushLog, binlog, syncBinlog, sqlMode }: Safety,
  allowUnsafe: boolean,
): string | undefined {
  const wrong: string[] = []
  if (flushLog !== 1) wrong.push(`innodb_flush_log_at_trx_commit is ${flushLog}, must be 1`)
  if (binlog === 1 && syncBinlog !== 1) wrong.push(`sync_binlog is ${syncBinlog}, must be 1`)
  if (wrong.length && !allowUnsafe) {
    return (
      `This database may lose committed money: ${wrong.join('; ')}. ` +
      'Set it right, or set ALLOW_UNSAFE_DATABASE=1 to take the risk.'
    )
  }
  // The driver escapes with backslashes; where they mean nothing, a value could become a statement.
  if (/NO_BACKSLASH_ESCAPES/.test(sqlMode)) {
    return 'This database runs with NO_BACKSLASH_ESCAPES, which the driver cannot escape for: take it out of sql_mode.'
  }
  if (!/STRICT_(ALL|TRANS)_TABLES/.test(sqlMode)) {
    return 'This database does not run in strict mode: sql_mode must hold STRICT_TRANS_TABLES.'
  }
  return undefined
}

/**
 * Refuses a database that may lose a committed charge with the power, unless told to take it in so
 * many words, or one that silently cuts values that do not fit.
 */
export async function checkDatabase(db: Db, allowUnsafe: boolean): Promise<void> {
  const { sqlMode, ...rest } = await run(db, 'db/read-safety', {})
  const why = unfitness({ ...rest, sqlMode: String(sqlMode) }, allowUnsafe)
  if (why !== undefined) throw new UnfitDatabase(why)
}
