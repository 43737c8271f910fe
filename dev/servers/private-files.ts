import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

/** Makes a folder that only this user may enter, with those above it. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
}

/** Replaces a file as a whole, readable by this user alone: readers see the old or the new. */
export function writePrivateFile(file: string, content: string): void {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.new`
  writeFileSync(temporary, content, { mode: 0o600, flush: true })
  renameSync(temporary, file)
}

/** The random secret kept in `file`, made on first use: 32 bytes, as base64url. */
export function keptSecret(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const secret = randomBytes(32).toString('base64url')
  writePrivateFile(file, `${secret}\n`)
  return secret
}
