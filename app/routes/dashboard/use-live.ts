import { useEffect } from 'react'
import { useRevalidator } from '@remix-run/react'

/** Brings the page's figures up to date every so many milliseconds, while somebody can see them. */
export function useLive(everyMs: number) {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (state !== 'idle') return
    const refresh = () => {
      if (document.visibilityState === 'visible') revalidate()
    }
    const timer = setInterval(refresh, everyMs)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
  }, [everyMs, state, revalidate])
}
