import mysql from 'mysql2'
import { closedLists } from '../values/closed-lists.ts'
import {
  marksOf,
  readStatements,
  type Parameter,
  type Scalar,
  type Statement,
} from './statement.ts'

type Column = { name: string; columnType: number; flags: number; characterSet: number }

const numbers = new Set([1, 2, 3, 4, 5, 8, 9, 13])
const times = new Set([7, 12])
const texts = new Set([15, 249, 250, 251, 252, 253, 254])
const binaryCharset = 63
const notNullFlag = 1

function typeOfColumn(statement: Statement, column: Column): string {
  const list = statement.lists.get(column.name)
  const type = () => {
    if (list && texts.has(column.columnType)) return list
    if (list) throw new Error(`${statement.name}: column ${column.name} is no text`)
    if (numbers.has(column.columnType)) return 'number'
    if (times.has(column.columnType)) return 'Date'
    if (column.columnType === 10 || column.columnType === 246) return 'string'
    if (texts.has(column.columnType))
      return column.characterSet === binaryCharset ? 'Buffer' : 'string'
    throw new Error(`${statement.name}: column ${column.name} has type ${column.columnType}`)
  }
  return column.flags & notNullFlag ? type() : `${type()} | null`
}

const scalarTypes = { number: 'number', string: 'string', bytes: 'Uint8Array', time: 'Date' }
const typeOfScalar = (scalar: Scalar) =>
  (scalar.type === 'word' ? scalar.list : scalarTypes[scalar.type]) +
  (scalar.nullable ? ' | null' : '')

function typeOfParameter(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'scalar':
      return typeOfScalar(parameter)
    case 'list':
      return `readonly (${typeOfScalar(parameter)})[]`
    case 'rows':
    case 'table': {
      const columns = parameter.columns.map(
        ({ name, scalar }) => `${name}: ${typeOfScalar(scalar)}`,
      )
      return `readonly { ${columns.join('; ')} }[]`
    }
  }
}

/** The text with one mark a value: lists and rows stand for a single one, as PREPARE wants it. */
function preparable(statement: Statement): string {
  const rest = statement.slots.map(({ parameter, after }) => {
    const mark = 'columns' in parameter ? marksOf(parameter, 1) : '?'
    return mark + after
  })
  return [statement.head, ...rest].join('')
}

/** MySQL says so of what begins and ends a transaction, which nobody prepares. */
const notPreparable = 1295

function prepare(db: mysql.Connection, statement: Statement): Promise<Column[]> {
  return new Promise((resolve, reject) => {
    db.prepare(preparable(statement), (error, prepared) => {
      if (error?.errno === notPreparable) return resolve([])
      if (error) return reject(new Error(`${statement.name}: ${error.message}`))
      const columns = (prepared as unknown as { columns: Column[] }).columns
      prepared.close()
      resolve(columns)
    })
  })
}

/** Prepares every statement file against the live schema and writes what it found as TypeScript. */
export async function generateTypes(url: string, folder = 'sql'): Promise<string> {
  const db = mysql.createConnection({ uri: url })
  try {
    const lines: string[] = []
    const statements = [...readStatements(folder).values()]
    for (const statement of statements.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const columns = await prepare(db, statement)
      const params = [...statement.parameters].map(([name, p]) => `${name}: ${typeOfParameter(p)}`)
      const row = columns.map((column) => `${column.name}: ${typeOfColumn(statement, column)}`)
      for (const name of statement.lists.keys()) {
        if (!columns.some((column) => column.name === name))
          throw new Error(`${statement.name}: the answer has no column ${name}`)
      }
      const rows = ['one', 'maybe', 'many'].includes(statement.returns)
      if (rows !== columns.length > 0)
        throw new Error(`${statement.name}: returns ${statement.returns}?`)
      lines.push(
        `  '${statement.name}': {`,
        `    params: { ${params.join('; ')} }`,
        `    row: { ${row.join('; ')} }`,
        `    returns: '${statement.returns}'`,
        `  }`,
      )
    }
    const lists = Object.keys(closedLists).map((list) => `type ${list} = WordOf<'${list}'>`)
    return [
      '// Made by `npm run sql:types` from sql/ and the live schema. Do not edit.',
      `import type { closedLists } from '../values/closed-lists.ts'`,
      '',
      `type WordOf<List extends keyof typeof closedLists> = (typeof closedLists)[List][number]`,
      ...lists,
      '',
      `export type Statements = {`,
      ...lines,
      '}',
      '',
    ]
      .join('\n')
      .replaceAll('{  }', 'Record<never, never>')
  } finally {
    db.destroy()
  }
}
