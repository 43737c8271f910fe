import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls'
import { listen } from '../../command/listen.ts'

/** A mail that the server has taken. */
type TakenMail = {
  from: string
  to: string[]
  text: string
  isSecure: boolean
  user: string
}

/** A real SMTP server on loopback, whose faults are asked for by the name before the @. */
type MailServer = {
  port: number
  taken: TakenMail[]
  /** How often a recipient was named, taken or not. */
  named(address: string): number
  close(): Promise<void>
}

type Options = {
  /** Where it has a certificate it offers STARTTLS. */
  tls?: SecureContextOptions
  /** The only user and password it takes; without them it asks for none. */
  auth?: { user: string; pass: string }
}

/**
 * What it answers to a recipient: `refused` nobody knows, `later` is greylisted the first time,
 * `hangs` is never answered, and of `dropped` the connection ends behind the mail, which was taken.
 */
const behaviourOf = (address: string) => /^(refused|later|hangs|dropped)(\+.*)?@/.exec(address)?.[1]

class Conversation {
  private socket: Socket
  private rest = ''
  private from = ''
  private to: string[] = []
  private lines: string[] | undefined
  private user = ''
  /** What AUTH LOGIN asks for next. */
  private awaits: 'user' | 'pass' | undefined

  constructor(
    socket: Socket,
    private readonly server: { options: Options; taken: TakenMail[]; names: string[] },
  ) {
    this.socket = socket
    this.listen()
    this.say('220 mail.example stand-in')
  }

  private listen() {
    this.socket.setEncoding('utf8')
    this.socket.on('data', (chunk: string) => this.hear(chunk))
    this.socket.on('error', () => this.socket.destroy())
  }

  private say = (text: string) => void this.socket.write(`${text}\r\n`)

  private hear(chunk: string) {
    const lines = (this.rest + chunk).split('\r\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.take(line)
  }

  private take(line: string) {
    if (this.lines) return this.takeText(line, this.lines)
    if (this.awaits) return this.takeCredential(line)
    const [verb = '', rest = ''] = line.split(/ (.*)/s)
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return this.greet()
      case 'STARTTLS':
        return this.secure()
      case 'AUTH':
        return this.authenticate(rest)
      case 'MAIL':
        this.from = /<(.*?)>/.exec(rest)?.[1] ?? ''
        this.to = []
        return this.say(this.server.options.auth && !this.user ? '530 5.7.0 who?' : '250 ok')
      case 'RCPT':
        return this.name(/<(.*?)>/.exec(rest)?.[1] ?? '')
      case 'DATA':
        this.lines = []
        return this.say('354 go on')
      case 'QUIT':
        this.say('221 bye')
        return void this.socket.end()
      default:
        return this.say('250 ok')
    }
  }

  private greet() {
    const { tls, auth } = this.server.options
    const offers = [
      ...(tls && !(this.socket instanceof TLSSocket) ? ['STARTTLS'] : []),
      ...(auth ? ['AUTH PLAIN LOGIN'] : []),
    ]
    this.say(['250-mail.example', ...offers.map((offer) => `250-${offer}`)].join('\r\n'))
    this.say('250 8BITMIME')
  }

  private secure() {
    this.say('220 go on')
    this.socket.removeAllListeners('data')
    const secureContext = createSecureContext(this.server.options.tls)
    this.socket = new TLSSocket(this.socket, { isServer: true, secureContext })
    this.listen()
  }

  private authenticate(rest: string) {
    const [how, initial] = rest.split(' ')
    if (how?.toUpperCase() === 'PLAIN' && initial) {
      const [, user = '', pass = ''] = Buffer.from(initial, 'base64').toString().split('\0')
      return this.judge(user, pass)
    }
    this.awaits = 'user'
    return this.say('334 VXNlcm5hbWU6')
  }

  private takeCredential(line: string) {
    const text = Buffer.from(line, 'base64').toString()
    if (this.awaits === 'user') {
      this.user = text
      this.awaits = 'pass'
      return this.say('334 UGFzc3dvcmQ6')
    }
    this.awaits = undefined
    return this.judge(this.user, text)
  }

  private judge(user: string, pass: string) {
    const { auth } = this.server.options
    const isRight = auth?.user === user && auth.pass === pass
    this.user = isRight ? user : ''
    this.say(isRight ? '235 2.7.0 welcome' : '535 5.7.8 no')
  }

  private name(address: string) {
    const { names } = this.server
    names.push(address)
    const behaviour = behaviourOf(address)
    if (behaviour === 'hangs') return undefined
    if (behaviour === 'refused') return this.say('550 5.1.1 nobody knows them')
    const isFirst = names.filter((it) => it === address).length === 1
    if (behaviour === 'later' && isFirst) return this.say('451 4.7.1 come again')
    this.to.push(address)
    return this.say('250 ok')
  }

  private takeText(line: string, lines: string[]) {
    if (line !== '.') return void lines.push(line.replace(/^\./, ''))
    this.lines = undefined
    const { from, to, user } = this
    const isSecure = this.socket instanceof TLSSocket
    this.server.taken.push({ from, to, user, isSecure, text: lines.join('\n') })
    if (to.some((address) => behaviourOf(address) === 'dropped')) return void this.socket.destroy()
    return this.say('250 2.0.0 taken')
  }
}

export async function startMailServer(options: Options = {}): Promise<MailServer> {
  const taken: TakenMail[] = []
  const names: string[] = []
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    new Conversation(socket, { options, taken, names })
  })
  return {
    port: await listen(server),
    taken,
    named: (address) => names.filter((it) => it === address).length,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of open) socket.destroy()
      await closed
    },
  }
}
