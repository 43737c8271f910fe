/** Members that hold text, whatever it looks like: `query.v=1` is no number. */
const textPaths = /^(kind|baseUrl|prices|(paths|query|headers|credential)\..+|members\.rename\..+)$/

/** A value as it was typed: JSON where it is any, and else text. */
function valueOf(path: string, text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text
  }
  return textPaths.test(path) && /^(number|boolean)$/.test(typeof value) ? text : value
}

/** The parts of a path; a name within a table may hold dots. */
function partsOf(path: string): string[] {
  const [top = '', ...rest] = path.split('.')
  const [second, ...more] = rest
  if (top !== 'members' || second === undefined) return rest.length ? [top, rest.join('.')] : [top]
  return more.length ? [top, second, more.join('.')] : [top, second]
}

type Table = Record<string, unknown>
const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same with what `edit` makes of the member at the end of the path. */
function edited(whole: Table, parts: string[], edit: (at: Table, name: string) => Table): Table {
  const [name = '', ...rest] = parts
  if (rest.length === 0) return edit(whole, name)
  const inner = Object.hasOwn(whole, name) && isTable(whole[name]) ? whole[name] : {}
  return { ...whole, [name]: edited(inner, rest, edit) }
}

/**
 * A definition with settings such as `members.drop=["user"]` in it, and without those of `unset`.
 * What it then is has yet to be checked.
 */
export function withSettings(
  definition: Table,
  { set, unset }: { set: readonly string[]; unset: readonly string[] },
): Table {
  let now = definition
  for (const path of unset) {
    now = edited(now, partsOf(path), (at, name) =>
      Object.fromEntries(Object.entries(at).filter(([it]) => it !== name)),
    )
  }
  for (const setting of set) {
    const at = setting.indexOf('=')
    const path = setting.slice(0, at)
    const value = valueOf(path, setting.slice(at + 1))
    now = edited(now, partsOf(path), (all, name) => ({ ...all, [name]: value }))
  }
  return now
}

/** What is wrong with settings before anybody knows what they are set in. */
export const settingProblems = (set: readonly string[]): string[] =>
  set.flatMap((setting) => {
    if (!/^[A-Za-z][^=]*=/.test(setting))
      return `"${setting.slice(0, 40)}" is not PATH=VALUE, such as timeouts.idleMs=60000`
    const at = setting.indexOf('=')
    const [path, text] = [setting.slice(0, at), setting.slice(at + 1)]
    // What begins like a list or a table was meant as one.
    const isMeantAsJson = /^\s*[[{]/.test(text) && typeof valueOf(path, text) === 'string'
    return isMeantAsJson ? `what ${path.slice(0, 40)} is set to is not valid JSON` : []
  })
