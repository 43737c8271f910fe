import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

import { CannotContinue } from '../command/announce.ts'

const portsToTry = 100

/**
 * The port to listen on: the wanted one, or, unless somebody asked for exactly that, the next
 * free one.
 */
export async function choosePort(wanted: number, isExplicit: boolean): Promise<number> {
  if (await isFree(wanted)) return wanted
  if (isExplicit)
    throw new CannotContinue(`PORT: ${wanted} is in use; stop what listens there, or set another.`)
  for (let port = wanted + 1; port < wanted + portsToTry; port++) {
    if (await isFree(port)) return port
  }
  throw new CannotContinue(
    `PORT: ${wanted} to ${wanted + portsToTry - 1} are all in use; set another.`,
  )
}

/**
 * So many free ports that a server keeps, also while it is down: below those that the kernel gives
 * to whoever asks for any, so that nobody is given one meanwhile.
 */
export async function choosePortsToKeep(count: number): Promise<number[]> {
  const chosen = new Set<number>()
  while (chosen.size < count) {
    const port = randomInt(20_000, 32_000)
    if (!chosen.has(port) && (await isFree(port))) chosen.add(port)
  }
  return [...chosen]
}

/** Both loopback addresses count: a browser takes `localhost` for either. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'))
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has nobody listening there.
      if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(true)
      else if (error.code === 'EADDRINUSE') resolve(false)
      else if (error.code === 'EACCES')
        reject(new CannotContinue(`PORT: ${port} is for root alone; set one from 1024 on.`))
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
