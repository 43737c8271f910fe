import { useEffect, useRef, useState } from 'react'
import { EventReader, heard, nothing, type Shown } from './said.ts'

type Asked = { shown: Shown; isComing: boolean }

/** Why the answer was not read to its end: `fetch` and its body fail so where they are left. */
const troubleOf = (error: unknown) =>
  error instanceof DOMException && error.name === 'AbortError'
    ? 'You stopped it here.'
    : 'The answer broke off on its way here. Look at your calls for its receipt.'

/** Sends a form and reads the answer as it comes. `stop` leaves it: the call ends where it is. */
export function useAnswer(action: string) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const leave = useRef<AbortController | null>(null)
  // Whoever goes to another page leaves it as well.
  useEffect(() => () => leave.current?.abort(), [])

  async function ask(form: FormData) {
    leave.current?.abort()
    const leaving = (leave.current = new AbortController())
    let shown = nothing
    const show = (next: Shown, isComing: boolean) => {
      shown = next
      if (leave.current === leaving) setAsked({ shown, isComing })
    }
    show(nothing, true)
    try {
      await readAnswer(action, form, leaving.signal, (told) => show(told(shown), true))
      show(shown, false)
    } catch (error) {
      show({ ...shown, trouble: troubleOf(error) }, false)
    }
  }
  return { asked, ask, stop: () => leave.current?.abort() }
}

const signedOut = 'You are signed out. Sign in, and send it once more.'

type Change = (shown: Shown) => Shown

async function readAnswer(
  action: string,
  form: FormData,
  signal: AbortSignal,
  change: (change: Change) => void,
) {
  // Fields alone, as a form without files is sent.
  const body = new URLSearchParams([...form].map(([name, value]) => [name, String(value)]))
  const answer = await fetch(action, { method: 'POST', body, signal, redirect: 'manual' })
  if (!answer.ok || !answer.body) {
    const isElsewhere = answer.type === 'opaqueredirect'
    const message = isElsewhere ? signedOut : await answer.text()
    const { status } = answer
    return change((shown) => ({ ...shown, refused: { status, message, call: null } }))
  }
  const events = new EventReader()
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const told = events.take(value)
    change((shown) => told.reduce(heard, shown))
  }
}
