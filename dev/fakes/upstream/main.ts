import { parseArgs } from 'node:util'
import { startDemoUpstream, tempers, type Temper } from './demo-upstream.server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'api-key': { type: 'string' },
    fast: { type: 'boolean' },
    temper: { type: 'string' },
  },
})
const { temper = 'steady' } = values
if (!Object.hasOwn(tempers, temper)) throw new Error(`There is no temper ${temper}`)
const parent = process.ppid
const upstream = await startDemoUpstream({
  port: Number(values.port ?? 0),
  ...(values['api-key'] !== undefined && { apiKey: values['api-key'] }),
  ...(values.fast && { pace: 'fast' as const }),
  temper: temper as Temper,
})

async function stop() {
  await upstream.close()
  process.exit(0)
}

process.once('SIGTERM', () => void stop())
process.once('SIGINT', () => void stop())
// A parent that was killed can tell us nothing; its process just is not ours any more.
setInterval(() => process.ppid !== parent && void stop(), 500).unref()

console.log(JSON.stringify({ url: upstream.url, apiKey: upstream.apiKey, port: upstream.port }))
