import { cpSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from '../dev/command/environment.ts'
import { makeCertificate } from '../dev/servers/certificate.ts'
import { openGround, type Ground } from './ground.ts'
import { judge } from './judge.ts'
import { callSlowly, keepCalling, type Target } from './load.ts'
import type { Run } from './proof.ts'
import { choosePorts, startProxy, type ProxyName } from './proxies.ts'
import { startRelays, type Relays } from './relays.ts'
import { signInByBrowser } from './sign-in.ts'
import { go, type Doing } from './timeline.ts'

type Place = {
  proxy: ProxyName
  folder: string
  say: (line: string) => void
  passesHost?: boolean
}
export type Site = { ground: Ground; relays: Relays; target: Target }

/** Longer than the default of nginx, and than any balancer's minute. */
const slowSeconds = 65

/**
 * Relays of `folder`, a proxy before them, and a person with a key who has come through it; all of
 * it is ended when `work` is over.
 */
export async function onSite<T>(
  { proxy, folder, say, passesHost = true }: Place,
  work: (site: Site) => Promise<T>,
): Promise<T> {
  const ground = await openGround(say)
  try {
    const ports = await choosePorts()
    const tls = makeCertificate(ground.dir)
    const url = ground.mariadb.url('relay')
    const appUrl = `https://localhost:${ports.tls}`
    const relays = await startRelays({ ground, databaseUrls: [url, url], appUrl }, folder)
    await startProxy(proxy, ground, {
      ports,
      tls,
      relays: relays.all.map(({ port }) => port),
      passesHost,
    })
    const secret = await signInByBrowser(ports.tls)
    say(`  a browser has signed in through ${proxy}, over TLS`)
    const ca = readFileSync(tls.certificate, 'utf8')
    return await work({ ground, relays, target: { port: ports.tls, ca, secret } })
  } finally {
    keepLogs(ground.dir, proxy)
    await ground.opened.close()
  }
}

/** What all of them have said stays where the private servers of `npm start` have their logs too. */
function keepLogs(dir: string, name: string) {
  const kept = join(readSettings().dataDir, 'production', name)
  rmSync(kept, { recursive: true, force: true })
  const isLog = (path: string) => statSync(path).isDirectory() || path.endsWith('.log')
  const isKept = (path: string) => !/\/(data|tmp|tls|backups|binlogs)$/.test(path) && isLog(path)
  cpSync(dir, kept, { recursive: true, filter: isKept })
}

type Load = { doings: Doing[]; seconds: number; hasSlowCall?: boolean; folder: string }

/** Loads a site while `doings` are done to it, and judges what came of it. */
export async function underLoad(
  { ground, relays, target }: Site,
  { doings, seconds, hasSlowCall = false, folder }: Load,
): Promise<Run> {
  const done = go(doings, seconds * 1_000)
  const heard = await keepCalling(target, done)
  const episodes = await done
  // After the restarts: a drain ends what takes longer than itself.
  const slowCall = hasSlowCall ? await callSlowly(target, slowSeconds) : undefined
  if (slowCall) heard.push(slowCall)
  const judgement = await judge(ground, heard, episodes)
  return { episodes, judgement, slowCall, seconds, verified: await relays.cli(folder, 'verify') }
}
