import { useEffect } from 'react'

/** A year. */
const lifetime = 'max-age=31536000'

/** Leaves word of the browser's time zone, which goes along from the next request on. */
export function useBrowserZone() {
  useEffect(() => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const cookie = `zone=${encodeURIComponent(timeZone)}`
    if (!timeZone || document.cookie.split('; ').includes(cookie)) return
    document.cookie = `${cookie}; path=/; ${lifetime}; samesite=lax`
  }, [])
}
