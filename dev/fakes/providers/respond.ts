import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Person } from './behaviours.ts'

export function sendJson(res: ServerResponse, status: number, body: unknown) {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  res.end(JSON.stringify(body))
}

export function sendPage(res: ServerResponse, status: number, html: string) {
  res.writeHead(status, { 'content-type': 'text/html; charset=utf-8' })
  res.end(`<!doctype html><html lang="en"><title>Fake provider</title><main>${html}</main></html>`)
}

export function sendTo(res: ServerResponse, location: string | URL) {
  res.writeHead(302, { location: String(location) })
  res.end()
}

/** As much as the other side takes. */
async function sendEndless(res: ServerResponse) {
  res.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  res.write('{"access_token":"')
  const piece = 'a'.repeat(64 * 1024)
  while (!res.destroyed)
    if (!res.write(piece)) await Promise.race([once(res, 'drain'), once(res, 'close')])
}

async function beSlow({ asked }: Person) {
  if (asked.has('slow')) await wait(Number(asked.get('slow')) || 200)
}

/** Misbehaves at the exchange as the person's login says; true where that was the answer. */
export async function misbehaveAtToken(res: ServerResponse, person: Person): Promise<boolean> {
  const { asked } = person
  await beSlow(person)
  if (asked.has('hang')) return true
  if (asked.has('reset')) res.socket?.resetAndDestroy()
  else if (asked.has('down')) sendJson(res, 500, { message: 'Server Error' })
  else if (asked.has('endless')) await sendEndless(res)
  else if (asked.has('redirect-exchange')) sendTo(res, '/elsewhere')
  else if (asked.has('html')) sendPage(res, 200, '<h1>Unicorn</h1>')
  else if (asked.has('no-token')) sendJson(res, 200, { token_type: 'bearer' })
  else return false
  return true
}

/** The same at the profile. */
export async function misbehaveAtProfile(res: ServerResponse, person: Person): Promise<boolean> {
  const { asked } = person
  await beSlow(person)
  if (asked.has('hang-profile')) return true
  if (asked.has('down-profile')) sendJson(res, 500, { message: 'Server Error' })
  else if (asked.has('endless-profile')) await sendEndless(res)
  else if (asked.has('html-profile')) sendPage(res, 200, '<h1>Unicorn</h1>')
  else if (asked.has('redirect')) sendTo(res, '/elsewhere')
  else return false
  return true
}
