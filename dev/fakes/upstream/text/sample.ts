type Schema = Record<string, unknown>

const depthMax = 20

/** A value that satisfies the usual JSON schemas of structured outputs and tool parameters. */
export function sampleOf(schema: unknown, root: unknown = schema, depth = 0): unknown {
  if (typeof schema !== 'object' || schema === null || depth > depthMax) return null
  const given = schema as Schema
  if ('const' in given) return given.const
  if (Array.isArray(given.enum)) return given.enum[0]
  if (typeof given.$ref === 'string') return sampleOf(follow(given.$ref, root), root, depth + 1)
  const options = given.anyOf ?? given.oneOf ?? given.allOf
  if (Array.isArray(options)) return sampleOf(options[0], root, depth + 1)
  const type = Array.isArray(given.type) ? given.type[0] : given.type
  if (type === 'array') {
    const length = Number(given.minItems ?? 1)
    return Array.from({ length }, () => sampleOf(given.items, root, depth + 1))
  }
  if (type === 'string') return 'demo'.padEnd(Number(given.minLength ?? 0), 'o')
  if (type === 'number' || type === 'integer') return Number(given.minimum ?? 1)
  if (type === 'boolean') return true
  if (type === 'null') return null
  return sampleObject(given, root, depth)
}

function sampleObject(schema: Schema, root: unknown, depth: number): Schema {
  const properties = Object.entries((schema.properties as Schema | undefined) ?? {})
  return Object.fromEntries(
    properties.map(([name, property]) => [name, sampleOf(property, root, depth + 1)]),
  )
}

function follow(ref: string, root: unknown): unknown {
  let found = root
  for (const key of ref.split('/').slice(1)) found = (found as Schema | undefined)?.[key]
  return found
}
