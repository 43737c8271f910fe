import { useEffect, useState } from 'react'

type CopyState = 'absent' | 'ready' | 'copied' | 'failed'
const words = { ready: 'Copy', copied: 'Copied', failed: 'Select and copy by hand' }

/** Puts a text on the clipboard. It is there only where that can work: with scripts, on a safe origin. */
export function CopyButton({ text, what }: { text: string; what: string }) {
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
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('copied'),
      () => setState('failed'),
    )
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={`${words[state]}: ${what}`}
      className="cursor-pointer rounded-sm px-2 py-1 text-xs font-semibold text-accent hover:bg-accent-soft print:hidden"
    >
      <span aria-live="polite">{words[state]}</span>
    </button>
  )
}
