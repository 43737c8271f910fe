import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { limits } from '../config/limits.ts'

/** Older versions had no process in the name. */
const nameForm = /^relay-pages-(?:(\d+)-)?\w{6}$/

/** A folder for the sockets of this process's pages, that nobody else may look into. */
export const makePagesFolder = (parent: string) =>
  mkdtempSync(join(parent, `relay-pages-${process.pid}-`))

function isRunning(pid: number): boolean {
  // In a container each start has the same number, and what bears it now is this one.
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Nobody listens there any more. Whoever is only slow to answer is not gone. */
const isDead = (socketPath: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(socketPath, () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code === 'ECONNREFUSED' || code === 'ENOTSOCK'),
    )
  })

async function isLeft(folder: string, pid: number | undefined): Promise<boolean> {
  const { uid, mtimeMs } = statSync(folder)
  if (uid !== process.getuid?.()) return false
  if (pid !== undefined && isRunning(pid)) return false
  const sockets = readdirSync(folder)
  // One may be about to start, where processes have other numbers.
  if (sockets.length === 0) return Date.now() - mtimeMs > limits.pages.folderMsLeast
  const dead = await Promise.all(sockets.map((name) => isDead(join(folder, name))))
  return dead.every(Boolean)
}

async function takeAway(folder: string, pid: number | undefined): Promise<boolean> {
  try {
    if (!(await isLeft(folder, pid))) return false
    rmSync(folder, { recursive: true, force: true })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    // It is somebody else's, or went meanwhile.
    return false
  }
}

/** Takes away the folders that relays left which were killed, and answers how many went. */
export async function sweepPagesFolders(parent: string): Promise<number> {
  const found = readdirSync(parent).flatMap((name) => {
    const [all, pid] = nameForm.exec(name) ?? []
    return all ? [takeAway(join(parent, name), pid === undefined ? undefined : Number(pid))] : []
  })
  return (await Promise.all(found)).filter(Boolean).length
}
