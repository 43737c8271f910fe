/**
 * What a browser has kept for a script, or was told to keep, by this name: as it was before it was
 * written for an address. Undefined where there is none that can be read. Names are words of ours.
 */
export function cookieIn({ headers }: Pick<Request, 'headers'>, name: string): string | undefined {
  const pairs = (headers.get('cookie') ?? '').split(';').map((it) => it.trim())
  const text = pairs.find((it) => it.startsWith(`${name}=`))?.slice(name.length + 1)
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
