import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { closedLists, isListName, type ListName } from '../values/closed-lists.ts'

/** How many rows a statement answers with; `count` is the number of rows it matched. */
type Returns = 'one' | 'maybe' | 'many' | 'count' | 'id'
export type Scalar = { nullable: boolean } & (
  | { type: 'number' | 'string' | 'bytes' | 'time' }
  /** A word of a closed list, with each as it stands in SQL. */
  | { type: 'word'; list: ListName; literals: ReadonlyMap<unknown, string> }
)
export type Parameter =
  | ({ kind: 'scalar' } & Scalar)
  | ({ kind: 'list' } & Scalar)
  /** Rows after `values`, or as a table to join (`select … union all select …`). */
  | { kind: 'rows' | 'table'; columns: { name: string; scalar: Scalar }[] }

export type Statement = {
  name: string
  returns: Returns
  parameters: Map<string, Parameter>
  /** Columns of the answer whose words are those of a closed list. */
  lists: Map<string, ListName>
  /** The text up to the first slot, or to the end where there is none. */
  head: string
  slots: Slot[]
}
/** A place for a value, and the text from there to the next one, or to the end. */
type Slot = { name: string; parameter: Parameter; after: string }
export type Bound = { statement: Statement; text: string; values: unknown[] }

// Written once, not for every value: looking a word up costs less than escaping a text.
const literalsOf = (list: ListName): ReadonlyMap<unknown, string> =>
  new Map(closedLists[list].map((word) => [word, `'${word}'`]))

function parseScalar(name: string, text: string): Scalar {
  const [, type = '', mark] = /^(\w+)(\?)?$/.exec(text) ?? []
  const nullable = mark === '?'
  if (type === 'number' || type === 'string' || type === 'bytes' || type === 'time')
    return { type, nullable }
  if (isListName(type)) return { type: 'word', list: type, literals: literalsOf(type), nullable }
  throw new Error(`${name}: unknown parameter type "${text}"`)
}

function parseParameter(name: string, text: string): Parameter {
  const [, inside, isTable] = /^\((.*)\)\[\]( table)?$/.exec(text) ?? []
  if (inside !== undefined) {
    const columns = inside.split(',')
    return {
      kind: isTable ? 'table' : 'rows',
      columns: columns.map((column) => {
        const [columnName = '', type = ''] = column.trim().split(/\s+/)
        return { name: columnName, scalar: parseScalar(name, type) }
      }),
    }
  }
  if (text.endsWith('[]')) return { kind: 'list', ...parseScalar(name, text.slice(0, -2)) }
  return { kind: 'scalar', ...parseScalar(name, text) }
}

/**
 * Reads one statement file: comment lines first (`-- returns many`, `-- :name type`, `-- column name
 * List`, and sentences), then a single statement. Throws on a header that is missing or does not fit
 * the text.
 */
export function parseStatement(name: string, source: string): Statement {
  const lines = source.split('\n')
  const bodyAt = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('--'))
  const header = lines
    .slice(0, bodyAt)
    .join('\n')
    .replace(/\n--\s{3,}/g, ' ')
    .split('\n')
  const parameters = new Map<string, Parameter>()
  const lists = new Map<string, ListName>()
  let returns: Returns | undefined
  for (const line of header) {
    const [, parameter, type] = /^-- :(\w+) +(.+)$/.exec(line) ?? []
    if (parameter && type) parameters.set(parameter, parseParameter(name, type.trim()))
    const [, column, list] = /^-- column (\w+) +(\w+)$/.exec(line.trim()) ?? []
    if (column && list) {
      if (!isListName(list)) throw new Error(`${name}: there is no closed list ${list}`)
      lists.set(column, list)
    }
    const answer = /^-- returns (one|maybe|many|count|id)$/.exec(line.trim())
    if (answer) returns = answer[1] as Returns
  }
  if (!returns) throw new Error(`${name}: the header lacks a "-- returns …" line`)
  // Made anew: a part of a text with a letter beyond Latin-1 somewhere, as in a comment above, keeps
  // two bytes for each of its own, and so does all text that it is joined with.
  const body = Buffer.from(lines.slice(bodyAt).join('\n').trim().replace(/;$/, '')).toString()
  if (body.includes(';')) throw new Error(`${name}: a file holds one statement`)
  const { head, slots } = parseBody(name, body, parameters)
  return { name, returns, parameters, lists, head, slots }
}

/** Takes a text apart at its slots, each of which has a parameter, as each parameter has a slot. */
function parseBody(name: string, body: string, parameters: Map<string, Parameter>) {
  const marks = [...body.matchAll(/(?<![:\w]):([a-z]\w*)/g)]
  const slots = marks.map((mark, i): Slot => {
    const [whole, slot = ''] = mark
    const parameter = parameters.get(slot)
    if (!parameter) throw new Error(`${name}: :${slot} has no "-- :${slot} type" line`)
    return {
      name: slot,
      parameter,
      after: body.slice(mark.index + whole.length, marks[i + 1]?.index),
    }
  })
  for (const declared of parameters.keys()) {
    if (!slots.some((slot) => slot.name === declared))
      throw new Error(`${name}: :${declared} is never used`)
  }
  return { head: body.slice(0, marks[0]?.index), slots }
}

function bindScalar(where: string, scalar: Scalar, value: unknown): unknown {
  if (value === null && scalar.nullable) return null
  switch (scalar.type) {
    case 'number':
      if (Number.isSafeInteger(value)) return value
      break
    case 'string':
      if (typeof value === 'string') return value
      break
    case 'bytes':
      if (value instanceof Uint8Array) return value
      break
    case 'time':
      if (value instanceof Date && !Number.isNaN(value.getTime())) return value
      break
    case 'word':
      if (scalar.literals.has(value)) return value
      break
  }
  throw misfit(where, scalar, value)
}

/** What is wrong with a value. It stays out of the words itself: it may be a secret. */
export function misfit(where: string, scalar: Scalar, value: unknown): TypeError {
  const wanted = scalar.type === 'word' ? `a word of ${scalar.list}` : scalar.type
  const got = value === undefined ? 'undefined' : value === null ? 'null' : typeof value
  return new TypeError(`${where} wants ${wanted}${scalar.nullable ? ' or null' : ''}, got ${got}`)
}

function bindParameter(where: string, parameter: Parameter, value: unknown, values: unknown[]) {
  if (parameter.kind === 'scalar') {
    values.push(bindScalar(where, parameter, value))
    return '?'
  }
  if (!Array.isArray(value) || value.length === 0)
    throw new TypeError(`${where} wants a filled list`)
  if (parameter.kind === 'list') {
    for (const item of value) values.push(bindScalar(where, parameter, item))
    return '?,'.repeat(value.length - 1) + '?'
  }
  const { columns } = parameter
  for (const row of value as Record<string, unknown>[]) {
    for (const { name, scalar } of columns)
      values.push(bindScalar(`${where}.${name}`, scalar, row[name]))
  }
  return marksOf(parameter, value.length)
}

/** So many rows with a mark for each value. All databases we run on read a table written this way. */
export function marksOf(
  { kind, columns }: Extract<Parameter, { kind: 'rows' | 'table' }>,
  rows: number,
): string {
  const marks = '?,'.repeat(columns.length - 1) + '?'
  if (kind === 'rows') return `(${marks}),`.repeat(rows - 1) + `(${marks})`
  const named = columns.map(({ name }) => `? as ${name}`).join(',')
  return `(select ${named}${` union all select ${marks}`.repeat(rows - 1)})`
}

/** Joins a statement with its values. A value never becomes text here; the driver escapes each one. */
export function bind(statement: Statement, params: Record<string, unknown>): Bound {
  for (const given of Object.keys(params)) {
    if (!statement.parameters.has(given)) throw new TypeError(`${statement.name} has no :${given}`)
  }
  const values: unknown[] = []
  let text = statement.head
  for (const { name, parameter, after } of statement.slots) {
    text += bindParameter(`${statement.name} :${name}`, parameter, params[name], values) + after
  }
  return { statement, text, values }
}

/** Every statement file below `folder` by its path without ending, migrations left out. */
export function readStatements(folder: string): Map<string, Statement> {
  const statements = new Map<string, Statement>()
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.sql')) continue
    const path = join(entry.parentPath, entry.name)
    const name = relative(folder, path).replaceAll('\\', '/').slice(0, -'.sql'.length)
    if (name.startsWith('migrations/')) continue
    statements.set(name, parseStatement(name, readFileSync(path, 'utf8')))
  }
  return statements
}
