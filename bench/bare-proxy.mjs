// The least a proxy in Node can be: the limit of the runtime. No key, no money, no log.
// node bare-proxy.mjs PORT UPSTREAM
import { createServer } from 'node:http'
import { Pool } from 'undici'

const [port, upstream] = process.argv.slice(2)
const pool = new Pool(upstream, { connections: 10_000, headersTimeout: 0, bodyTimeout: 0 })
const server = createServer(async (req, res) => {
  const headers = { 'content-type': req.headers['content-type'] ?? 'application/json' }
  try {
    const answer = await pool.request({ path: req.url, method: req.method, headers, body: req })
    res.writeHead(answer.statusCode, answer.headers)
    answer.body.pipe(res)
  } catch {
    res.writeHead(502).end()
  }
})
server.listen(Number(port), '127.0.0.1')
