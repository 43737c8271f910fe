import { useEffect } from 'react'
import { useRevalidator } from '@remix-run/react'

const everyMs = 15_000

/** Brings the page's figures up to date now and then, while somebody can see them. */
export function useLive(isOn: boolean) {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    if (!isOn || state !== 'idle') return
    const refresh = () => {
      if (document.visibilityState === 'visible') revalidate()
    }
    const timer = setInterval(refresh, everyMs)
    document.addEventListener('visibilitychange', refresh)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', refresh)
    }
  }, [isOn, state, revalidate])
}
