import { useEffect, useRef, useState } from 'react'
import { msg } from '../../values/language/msg.ts'
import { EventReader, heard, nothing, type QuestionErrors, type Shown } from './said.ts'

type Asked = { shown: Shown; isComing: boolean; errors?: QuestionErrors }

/** Why the answer was not read to its end: `fetch` and its body fail so where they are left. */
const troubleOf = (error: unknown) =>
  error instanceof DOMException && error.name === 'AbortError'
    ? msg`You stopped it here.`
    : msg`The answer broke off on its way here. Your calls say what became of this one.`

/** Sends a form and reads the answer as it comes. `stop` leaves it: the call ends where it is. */
export function useAnswer(action: string) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const leave = useRef<AbortController | null>(null)
  // Whoever goes to another page leaves it as well.
  useEffect(() => () => leave.current?.abort(), [])

  async function ask(form: FormData) {
    leave.current?.abort()
    const leaving = (leave.current = new AbortController())
    let now: Asked = { shown: nothing, isComing: true }
    const show = (next: Partial<Asked>) => {
      now = { ...now, ...next }
      if (leave.current === leaving) setAsked(now)
    }
    show({})
    try {
      for await (const next of answerTo(action, form, leaving.signal)) show(next)
      show({ isComing: false })
    } catch (error) {
      show({ shown: { ...now.shown, trouble: troubleOf(error) }, isComing: false })
    }
  }
  return { asked, ask, stop: () => leave.current?.abort() }
}

const signedOut = msg`You are signed out. Load this page again to sign in.`

type Came = { shown: Shown } | { errors: QuestionErrors }

/** What is to be shown of an answer, each time that there is more of it. */
async function* answerTo(
  action: string,
  form: FormData,
  signal: AbortSignal,
): AsyncGenerator<Came, void, undefined> {
  // Fields alone, as a form without files is sent.
  const fields = new URLSearchParams([...form].map(([name, value]) => [name, String(value)]))
  const answer = await fetch(action, { method: 'POST', body: fields, signal, redirect: 'manual' })
  const { ok, status, body, headers } = answer
  if (headers.get('content-type')?.startsWith('application/json'))
    return yield (await answer.json()) as { errors: QuestionErrors }
  if (!ok || !body) {
    const message = answer.type === 'opaqueredirect' ? signedOut : await answer.text()
    return yield { shown: { ...nothing, refused: { status, message, call: null, way: null } } }
  }
  const events = new EventReader()
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let shown = nothing
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    shown = events.take(value).reduce(heard, shown)
    yield { shown }
  }
}
