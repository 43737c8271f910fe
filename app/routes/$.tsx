import { notFound, page } from '../pages/pages.server.ts'

/** Every address that is no other's. A route of its own, because without one no loader would run. */
export const loader = page(() => {
  throw notFound()
})

/** The same for forms that were sent nowhere. */
export const action = loader

/** Never seen: the error page takes its place. */
export default function Nowhere() {
  return null
}
