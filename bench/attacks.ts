import { connect, type Socket } from 'node:net'
import { newSecret } from '../app/keys/secret.ts'

/** What is attacked, and with which keys and whose session. */
export type Target = { url: string; empty: string; cent: string; payer: string; cookie: string }
const MiB = 2 ** 20

const head = (method: string, path: string, headers: Record<string, string | number>) =>
  [
    `${method} ${path} HTTP/1.1`,
    'host: relay',
    ...Object.entries(headers).map(([header, value]) => `${header}: ${value}`),
    '\r\n',
  ].join('\r\n')
const callHead = (key: string, bytes: number) =>
  head('POST', '/v1/chat/completions', {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': bytes,
    connection: 'close',
  })

/** Does something over and over, each on a connection of its own, so many at once. */
function again(
  { url }: Target,
  connections: number,
  begin: (socket: Socket) => void,
  isRead = true,
) {
  const next = () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    if (isRead) socket.resume()
    // Whoever is sent away at once would else do nothing but that.
    socket.on('close', () => setTimeout(next, 5))
    begin(socket)
  }
  for (let i = 0; i < connections; i++) next()
}
const calls = (on: Target, connections: number, key: string, body: Buffer, isRead = true) =>
  again(
    on,
    connections,
    (socket) => {
      socket.write(callHead(key, body.length))
      socket.write(body)
    },
    isRead,
  )

const bodyOf = (messages: unknown[], more: object = {}) =>
  Buffer.from(JSON.stringify({ model: 'gpt-4o-mini', ...more, messages }))
const user = (content: unknown) => ({ role: 'user', content })
const words = 'The quick brown fox jumps over the lazy dog, 17 times a day. '
const messages = () => bodyOf(Array(224).fill(user(words.repeat(131))))
const values = () => {
  const item = '{},'
  const list = item.repeat(Math.floor((20 * MiB - 100) / item.length))
  return Buffer.from(`{"model":"gpt-4o-mini","messages":[${list}{}]}`)
}
const text = (more = {}) => bodyOf([user('é漢'), user('x'.repeat(20 * MiB - 200))], more)
/** Each is too short to be read by itself, and all are as much as the largest models read. */
const shortTexts = (more = {}) =>
  bodyOf(Array(8_000).fill(user(words.repeat(32))), { model: 'gpt-4.1', ...more })
const picture = (more = {}) =>
  bodyOf(
    [
      user([
        { type: 'text', text: 'What is this? 漢' },
        {
          type: 'image_url',
          image_url: { url: `data:image/png;base64,${'iVBORw0K'.repeat((20 * MiB) / 8 - 100)}` },
        },
      ]),
    ],
    more,
  )

/** Takes a part of a core, in short pieces, as one does who is busy with something else. */
function burn(share: number) {
  const workMs = 5 * share
  setInterval(() => {
    const endMs = performance.now() + workMs
    while (performance.now() < endMs);
  }, 5)
}

/** What attacks nothing, and only uses the machine that relay and attacker share here. */
export const controls: Record<string, (on: Target) => void> = Object.fromEntries(
  [0.25, 0.5, 1].map((share) => [`${share} of a core, no attack`, () => burn(share)]),
)

/** One client each, until it is ended. */
export const attacks: Record<string, (on: Target) => void> = {
  'count, no money': (on) => calls(on, 8, on.empty, messages()),
  'count, a cent': (on) => calls(on, 8, on.cent, messages()),
  'many values, no money': (on) => calls(on, 6, on.empty, values()),
  'many values, a cent': (on) => calls(on, 6, on.cent, values()),
  '60 bodies of 20 MiB, no money': (on) => calls(on, 60, on.empty, text()),
  '60 bodies of 20 MiB, a cent': (on) => calls(on, 60, on.cent, text()),
  '30 streams of 20 MiB of text': (on) => calls(on, 30, on.payer, text({ stream: true })),
  '30 streams of 8,000 short texts': (on) => calls(on, 30, on.payer, shortTexts({ stream: true })),
  '30 streams of a 20 MiB picture': (on) => calls(on, 30, on.payer, picture({ stream: true })),
  '500 slow bodies': (on) =>
    again(on, 500, (socket) => {
      socket.write(callHead(on.payer, 20 * MiB) + '{"model":"gpt-4o-mini"')
      const timer = setInterval(() => socket.write(' '.repeat(64)), 200)
      socket.on('close', () => clearInterval(timer))
    }),
  '1,000 slow forms': (on) =>
    again(on, 1_000, (socket) =>
      socket.write(
        head('POST', '/auth/github', {
          origin: on.url,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': 100,
        }) + 'a=',
      ),
    ),
  '2,000 heads without an end': (on) =>
    again(on, 2_000, (socket) => socket.write('GET /v1/models HTTP/1.1\r\nx-a: ')),
  '100 unread streams': (on) =>
    calls(on, 100, on.payer, bodyOf([user('flood')], { stream: true, user: 'flood' }), false),
  '500 unread pages': (on) =>
    again(on, 500, (socket) => socket.write(head('GET', '/usage', { cookie: on.cookie })), false),
  'bad keys': (on) => {
    const flood = (socket: Socket) => {
      const ask = () =>
        socket.write(head('GET', '/v1/models', { authorization: `Bearer ${newSecret()}` }))
      socket.on('data', ask)
      ask()
    }
    again(on, 64, flood)
  },
  '50 CSVs': (on) =>
    again(on, 50, (socket) =>
      socket.write(head('GET', '/usage.csv', { cookie: on.cookie, connection: 'close' })),
    ),
  'usage of all days': (on) =>
    again(on, 8, (socket) =>
      socket.write(
        head('GET', '/usage?from=2000-01-01&to=2099-12-31', {
          cookie: on.cookie,
          connection: 'close',
        }),
      ),
    ),
}
