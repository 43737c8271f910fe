import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

export const sendJson = (res: ServerResponse, status: number, body: unknown) =>
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

export const sendTo = (res: ServerResponse, location: string) =>
  res.writeHead(303, { location }).end()

export const formOf = async (req: IncomingMessage) => new URLSearchParams(await text(req))

const escape = (words: string) =>
  words.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** A page that says what is paid for, with a button that pays it. */
export function sendPayPage(
  res: ServerResponse,
  { title, what, amount, action }: Record<'title' | 'what' | 'amount' | 'action', string>,
) {
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
  res.end(`<!doctype html><html lang="en"><title>${escape(title)}</title><h1>${escape(title)}</h1>
    <p>${escape(what)}</p><form method="post" action="${escape(action)}">
    <button>Pay ${escape(amount)}</button></form>
    <p>This is a stand-in: no money moves.</p>`)
}

/** Sends an event and answers the status; 0 where nobody took it. */
export async function deliver(url: string, init: RequestInit): Promise<number> {
  try {
    const answer = await fetch(url, { ...init, redirect: 'manual' })
    await answer.arrayBuffer()
    return answer.status
  } catch {
    return 0
  }
}
