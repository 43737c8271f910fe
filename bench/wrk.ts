import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { present } from '../test/present.ts'

export type Shot = { requestsPerSecond: number; requests: number; p50Ms: number; p99Ms: number }
type Figures = Record<'requests' | 'us' | 'p50Us' | 'p99Us' | 'badStatus' | 'broken', number>

export type Load = {
  url: string
  connections: number
  seconds: number
  /** Taken in turn, one a request. */
  keys: string[]
  body: string
  /** Where below /v1 it goes; a chat completion unless something is said. */
  path?: string
  headers?: Record<string, string>
}

const script = fileURLToPath(new URL('requests.lua', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
let shots = 0

/** Loads one address with wrk. Throws where an answer was not 2xx, so that no error looks fast. */
export async function shoot(load: Load): Promise<Shot> {
  // Two may go on at once.
  shots++
  const { url, connections, seconds, keys, body, path, headers = {} } = load
  const [keysFile, bodyFile, headersFile] = ['keys', 'body', 'headers'].map((it) =>
    join(folder, `${it}-${shots}`),
  )
  writeFileSync(present(keysFile), keys.join('\n'))
  writeFileSync(present(bodyFile), body)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`)
  writeFileSync(present(headersFile), lines.join(''))
  const args = ['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--timeout', '20s']
  const given = [
    ...args,
    '-s',
    script,
    url,
    '--',
    present(keysFile),
    present(bodyFile),
    present(headersFile),
    `/v1/${path ?? 'chat/completions'}`,
  ]
  const child = spawn('wrk', given, { stdio: ['ignore', 'pipe', 'inherit'] })
  const output = await text(child.stdout)
  const line = /^figures (.*)$/m.exec(output)?.[1]
  if (line === undefined) throw new Error(`wrk said: ${output}`)
  const { requests, us, p50Us, p99Us, badStatus, broken } = JSON.parse(line) as Figures
  if (badStatus + broken > 0) {
    throw new Error(`${url}: ${badStatus} answers were no 2xx, ${broken} were none, of ${requests}`)
  }
  const requestsPerSecond = requests / (us / 1e6)
  return { requests, requestsPerSecond, p50Ms: p50Us / 1e3, p99Ms: p99Us / 1e3 }
}
