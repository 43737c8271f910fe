import { escape } from 'mysql2'
import { asBuffer } from '../values/as-buffer.ts'
import { dayMs, dayOf } from '../values/days.ts'
import { misfit, type Parameter, type Scalar, type Statement } from './statement.ts'

/** A statement with its values as literals, for a connection of `lane.ts`. */
export type Written = { statement: Statement; sql: string }

// What has nothing to escape is written here: the driver takes five times as long for each (measured).

const hexLiteral = (bytes: Uint8Array) => `X'${asBuffer(bytes).toString('hex')}'`

let lastDay = { number: Number.NaN, text: '' }
const digits = (number: number, most: number) => String(most + number).slice(1)

/** A moment by UTC. Its day is almost always that of the last one. */
function timeLiteral(moment: Date): string | undefined {
  const ms = moment.getTime()
  const number = Math.floor(ms / dayMs)
  if (number !== lastDay.number) {
    if (Number.isNaN(ms)) return undefined
    lastDay = { number, text: dayOf(moment.getTime()) }
  }
  const ofDay = ms - number * dayMs
  const hours = Math.floor(ofDay / 3_600_000)
  const minutes = Math.floor(ofDay / 60_000) % 60
  const seconds = Math.floor(ofDay / 1_000) % 60
  const time = `${digits(hours, 100)}:${digits(minutes, 100)}:${digits(seconds, 100)}`
  return `'${lastDay.text} ${time}.${digits(ofDay % 1_000, 1_000)}'`
}

/** One value as a literal; text is escaped by the driver. Undefined where it is of another type. */
function literal(scalar: Scalar, value: unknown): string | undefined {
  if (value === null) return scalar.nullable ? 'NULL' : undefined
  switch (scalar.type) {
    case 'number':
      // A whole number has nothing to escape.
      return Number.isSafeInteger(value) ? String(value as number) : undefined
    case 'string':
      return typeof value === 'string' ? escape(value) : undefined
    case 'bytes':
      return value instanceof Uint8Array ? hexLiteral(value) : undefined
    case 'time':
      return value instanceof Date ? timeLiteral(value) : undefined
    case 'word':
      return scalar.literals.get(value)
  }
}

function writeList(where: string, scalar: Scalar, values: unknown[]): string {
  let sql = ''
  for (const value of values) {
    const text = literal(scalar, value)
    if (text === undefined) throw misfit(where, scalar, value)
    sql += sql ? `,${text}` : text
  }
  return sql
}

type Rows = Extract<Parameter, { kind: 'rows' | 'table' }>

/** Rows in the two forms of `marksOf`, which also says why. */
function writeRows(where: string, { kind, columns }: Rows, rows: Record<string, unknown>[]) {
  const isTable = kind === 'table'
  let sql = isTable ? '(' : ''
  let isFirst = true
  for (const row of rows) {
    if (!isFirst) sql += isTable ? ' union all ' : ','
    sql += isTable ? 'select ' : '('
    let between = ''
    for (const { name, scalar } of columns) {
      const text = literal(scalar, row[name])
      if (text === undefined) throw misfit(`${where}.${name}`, scalar, row[name])
      sql += between + text
      between = ','
      if (isTable && isFirst) sql += ` as ${name}`
    }
    if (!isTable) sql += ')'
    isFirst = false
  }
  return isTable ? `${sql})` : sql
}

function writeParameter(where: string, parameter: Parameter, value: unknown): string {
  if (parameter.kind === 'scalar') return writeList(where, parameter, [value])
  if (!Array.isArray(value) || value.length === 0)
    throw new TypeError(`${where} wants a filled list`)
  if (parameter.kind === 'list') return writeList(where, parameter, value)
  return writeRows(where, parameter, value as Record<string, unknown>[])
}

/**
 * A statement as one text. What `bind` leaves to the driver costs a third of a batch's time there:
 * it looks for marks in a long text, and boxes each value on the way (measured; docs/decisions/0011).
 */
export function write(statement: Statement, params: Record<string, unknown>): Written {
  for (const given of Object.keys(params)) {
    if (!statement.parameters.has(given)) throw new TypeError(`${statement.name} has no :${given}`)
  }
  let sql = statement.head
  for (const { name, parameter, after } of statement.slots) {
    sql += writeParameter(`${statement.name} :${name}`, parameter, params[name]) + after
  }
  return { statement, sql }
}
