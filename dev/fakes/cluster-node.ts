import mysql from 'mysql2'
import type { Server as NetServer } from 'node:net'
import { listen } from '../command/listen.ts'

/** A node of a cluster, as far as a lane can see: it says so, and agrees to all that it is told. */
type ClusterNode = {
  url: string
  /** Every text it was sent, in order. */
  heard: string[]
  close(): Promise<void>
}

/** What the driver's server side can do, of which its types say little. */
type Client = {
  /** Of the next packet: 0 for a question, and 1 for the first of its answer. */
  sequenceId: number
  serverHandshake(hello: object): void
  writeOk(answer: { serverStatus: number }): void
  writeTextResult(rows: object[], columns: object[]): void
  on(event: 'query' | 'stmt_prepare', listener: (sql: string) => void): void
  on(event: 'error', listener: () => void): void
}

const utf8 = 33
const text = 253
const moreFollow = 8
/** All but TLS and compression, which a connection on loopback can do without. */
const capabilities = 0xffffff & ~(0x20 | 0x800)

/** Answers each statement of a list: with the variable that it asks for, or that it is done. */
function answer(client: Client, sql: string) {
  const statements = sql.split(';')
  client.sequenceId = 1
  statements.forEach((statement, i) => {
    if (!statement.startsWith('show variables'))
      return client.writeOk({ serverStatus: i + 1 < statements.length ? moreFollow : 0 })
    const columns = ['Variable_name', 'Value'].map((name) => ({
      catalog: 'def',
      schema: '',
      table: '',
      orgTable: '',
      name,
      orgName: name,
      characterSet: utf8,
      columnLength: 255,
      columnType: text,
      flags: 0,
      decimals: 0,
    }))
    client.writeTextResult([{ Variable_name: 'wsrep_on', Value: 'ON' }], columns)
  })
  client.sequenceId = 0
}

/** Starts a node on a free port. */
export async function startClusterNode(): Promise<ClusterNode> {
  const heard: string[] = []
  let connections = 0
  const server = mysql.createServer((connection) => {
    const client = connection as unknown as Client
    client.serverHandshake({
      protocolVersion: 10,
      serverVersion: '5.5.5-10.11.6-MariaDB',
      connectionId: ++connections,
      statusFlags: 2,
      characterSet: utf8,
      capabilityFlags: capabilities,
      authCallback(_: unknown, letIn: () => void) {
        letIn()
        client.sequenceId = 0
      },
    })
    // A lane that is closed says no goodbye.
    client.on('error', () => undefined)
    // The driver takes what begins with SET for something to prepare.
    for (const event of ['query', 'stmt_prepare'] as const)
      client.on(event, (sql) => {
        heard.push(sql)
        answer(client, sql)
      })
  })
  const net = (server as unknown as { _server: NetServer })._server
  const port = await listen(net)
  return {
    url: `mysql://anybody@127.0.0.1:${port}/anything`,
    heard,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
