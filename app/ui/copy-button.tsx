import { useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { msg } from '../values/language/msg.ts'

type CopyState = 'absent' | 'ready' | 'copied' | 'failed'
const words = { ready: msg`Copy`, copied: msg`Copied`, failed: msg`Select and copy by hand` }

/** Puts a text on the clipboard. It is there only where that can work: with scripts, on a safe origin. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { t } = useLingui()
  const [state, setState] = useState<CopyState>('absent')
  useEffect(() => {
    // Browsers take the clipboard away from pages on plain http, unlike what the types say.
    if ((navigator as Partial<Navigator>).clipboard) setState('ready')
  }, [])
  useEffect(() => {
    if (state !== 'copied') return
    const timer = setTimeout(() => setState('ready'), 2_000)
    return () => clearTimeout(timer)
  }, [state])
  if (state === 'absent') return null
  const word = t(words[state])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={t`${word}: ${what}`}
      className="cursor-pointer rounded-sm px-2 py-1 text-xs font-semibold text-accent hover:bg-accent-soft print:hidden"
    >
      <span aria-live="polite">{word}</span>
    </button>
  )
}
