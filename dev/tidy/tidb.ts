import ts from 'typescript'

import { sourceFile, type SourceFile } from './source-tree.ts'
import { nodesOf, syntaxOf } from './syntax.ts'

/**
 * What TiDB documents of the functions that MySQL has, as far as we use it (functions-and-operators/
 * and data types of its documentation, v8.5). A closed list: whoever needs another looks it up.
 */
const documented = new Set(
  [
    // Of text and bytes.
    'char_length concat concat_ws elt field find_in_set hex left locate lower lpad sha2 substring',
    'substring_index unhex',
    // Of numbers, and of kinds.
    'cast conv crc32 floor greatest interval least',
    // Of times.
    'current_timestamp date date_add date_format now timestampdiff unix_timestamp utc_timestamp',
    // What depends on what.
    'coalesce if',
    // Of many rows.
    'count max min row_number sum',
    // Of the server.
    'database',
    // What is no function: types, and words that a bracket may follow at once.
    'binary char datetime decimal varbinary varchar values in',
  ].flatMap((names) => names.split(' ')),
)

type Form = { form: RegExp; why: string }

/** What TiDB refuses, ignores, or does otherwise, each as its documentation has it. */
const foreign: Form[] = [
  { form: /\bskip\s+locked\b/, why: 'SKIP LOCKED is not there' },
  { form: /\bfor\s+share\b|\block\s+in\s+share\s+mode\b/, why: 'shared locks are not taken' },
  { form: /\bfrom\b[^]*\bjoin\b[^]*\bfor\s+update\b/, why: 'FOR UPDATE locks all that is joined' },
  { form: /\bsavepoint\b/, why: 'savepoints are from 6.2 on, and in no transaction before' },
  { form: /\bread\s+only\b/, why: 'READ ONLY is refused unless tidb_enable_noop_functions is on' },
  { form: /\bsnapshot\s*,/, why: 'START TRANSACTION takes one word about itself' },
  { form: /\breturning\b/, why: 'RETURNING is MariaDB’s' },
  { form: /\b(intersect|except|lateral)\b/, why: 'the servers do not all have it' },
  { form: /(?<!@)@\w|\binto\s+@/, why: 'variables of a session are not kept from plan to plan' },
  { form: /\b(procedure|function|trigger|event|call)\b/, why: 'there is no code in the database' },
  { form: /\b(foreign\s+key|references)\b/, why: 'foreign keys are from 8.5 on' },
  {
    form: /\bconstraint\b[^,]*\bcheck\b|\bcheck\s*\(/,
    why: 'CHECK is kept, and asked for nothing',
  },
  { form: /\bdefault\s*\(/, why: 'few functions may be a default' },
  { form: /\bgenerated\b|\bstored\b|\bvirtual\b/, why: 'columns of others cannot be changed' },
  { form: /\b(fulltext|spatial|match\s*\()/, why: 'these indexes are not there' },
  { form: /\bcreate\s+table\b[^]*\bselect\b/, why: 'no table is made of an answer' },
  { form: /\b(add|drop)\s+primary\s+key\b/, why: 'the primary key is the table' },
  { form: /\bmodify\b[^]*\bcharacter\s+set\b/, why: 'no column goes from ascii to utf8mb4' },
  { form: /\bpartition\s+by\s+(?!range\s+columns)/, why: 'only RANGE COLUMNS is ours' },
  { form: /\b(exchange|coalesce|rebuild|optimize|repair)\s+partition\b/, why: 'not there' },
  { form: /\bsubpartition\b/, why: 'there are no subpartitions' },
  { form: /\bwith\s+rollup\b|\bprocedure\s+analyse\b/, why: 'the servers differ' },
  // What only TiDB keeps for itself; the words of the others are tried on them.
  { form: /\b(array|ilike|current_role|tidb_current_tso|tablesample|until)\b/, why: 'reserved' },
]

/** The settings that are read: of any other, nobody has looked whether TiDB has it. */
const settings = new Set([
  '@@innodb_flush_log_at_trx_commit',
  '@@log_bin',
  '@@sync_binlog',
  '@@global.sql_mode',
])

/** A statement without its comments and the texts in it; what only MariaDB reads is a comment too. */
function bare(text: string): string {
  return text
    .replace(/--\s.*$/gm, '')
    .replace(/\/\*M![^]*?\*\//g, '')
    .replace(/\/\*!\d*([^]*?)\*\//g, '$1')
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .toLowerCase()
}

/** What of a statement is outside of what all our servers have: a sentence for each. */
export function outsideOfTidb({ path, text }: SourceFile): string[] {
  const plain = bare(text)
  const called = [...plain.matchAll(/(?<![.@\w])([a-z_]\w*)\(/g)].map(([, name = '']) => name)
  const asked = [...plain.matchAll(/@@[\w.]+/g)].map(([name]) => name)
  return [
    ...foreign.filter(({ form }) => form.test(plain)).map(({ why }) => `${path}: ${why}`),
    ...called
      .filter((name) => !documented.has(name))
      .map((name) => `${path}: ${name}() is unknown`),
    ...asked.filter((name) => !settings.has(name)).map((name) => `${path}: ${name} is unknown`),
  ]
}

const verbs =
  /^\s*(select|insert|update|delete|alter|create|drop|set|start|show|savepoint|release|commit|rollback|reorganize|partition|truncate|do|kill|analyze|with)\s/

/** The texts in a file of the program that are statements, or parts of one that begin with a verb. */
export function statementsIn(file: SourceFile): SourceFile[] {
  return nodesOf(syntaxOf(file))
    .flatMap(textOf)
    .filter((text) => verbs.test(text))
    .map((text) => sourceFile(file.path, text))
}

/** The text of a literal, with a number in the place of whatever is put into it. */
function textOf(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text]
  if (!ts.isTemplateExpression(node)) return []
  return [
    [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text),
  ].map((parts) => parts.join(' 0 '))
}
