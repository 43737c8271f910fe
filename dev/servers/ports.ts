import { createServer } from 'node:net'

import { CannotContinue } from '../command/announce.ts'

const portsToTry = 100

/**
 * The port to listen on: the wanted one, or, unless somebody asked for exactly that, the next
 * free one.
 */
export async function choosePort(wanted: number, isExplicit: boolean): Promise<number> {
  if (await isFree(wanted)) return wanted
  if (isExplicit) throw new CannotContinue(`Port ${wanted}, which PORT names, is in use.`)
  for (let port = wanted + 1; port < wanted + portsToTry; port++) {
    if (await isFree(port)) return port
  }
  throw new CannotContinue(`Ports ${wanted} to ${wanted + portsToTry - 1} are all in use.`)
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
      else if (error.code === 'EACCES') reject(new CannotContinue(`Port ${port} needs root.`))
      else reject(error)
    })
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
