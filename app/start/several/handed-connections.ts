import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { limits } from '../../config/limits.ts'
import type { Intake } from '../../http/http.server.ts'
import type { Parent } from './parent.ts'

/**
 * Connections that the parent process accepted, for a server that has no port. It is told at once
 * which of them are taken, before anything is read of them, and now and then how many are open.
 */
export function handedConnections(parent: Parent, port: number): Intake {
  const open = new Set<Socket>()
  let onNone = () => {}
  /** What was told last; nothing from when another has come, which its sender counts by itself. */
  let told: number | undefined = 0
  function take(server: Server, id: number, socket: Socket | undefined) {
    parent.say({ say: 'took', id })
    // The client was gone before it came here.
    if (!socket) return
    told = undefined
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      if (open.size === 0) onNone()
    })
    // What Node's server asks of connections that it accepts itself.
    socket.setNoDelay(true)
    socket.allowHalfOpen = true
    server.emit('connection', socket)
  }
  function tell() {
    if (open.size === told) return
    told = open.size
    parent.say({ say: 'connections', count: told })
  }
  return {
    open(server) {
      // From this event on Node's server looks for heads and bodies that are late.
      server.emit('listening')
      parent.onConnection((id, socket) => take(server, id, socket))
      setInterval(tell, limits.processes.countEveryMs).unref()
      return Promise.resolve(port)
    },
    async close() {
      await parent.leave()
      const ended = new Promise<void>((resolve) => {
        onNone = resolve
        if (open.size === 0) resolve()
      })
      return { ended }
    },
  }
}
