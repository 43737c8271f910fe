import { redirect } from '@remix-run/node'
import { endSession } from '../auth/auth.server.ts'
import { page } from '../pages/pages.server.ts'
import { homePath } from '../paths.ts'

/** `GET /logout` changes nothing: a link must not sign anybody out. */
export const loader = () => redirect(homePath)

/** `POST /logout`: ends the session in the database and in the browser. */
export const action = page(async ({ request, services }) => {
  const cookie = await endSession(request, services)
  return redirect(homePath, { headers: { 'set-cookie': cookie } })
})

/** Never seen; without it this would be a resource route, whose failures have no page. */
export default function Logout() {
  return null
}
