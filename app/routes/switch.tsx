import { redirect } from '@remix-run/node'
import { workIn } from '../auth/auth.server.ts'
import { formOf, notFound, personalPage } from '../pages/pages.server.ts'
import { dashboardPath } from '../paths.ts'
import { msg } from '../values/language/msg.ts'

/** `GET /switch` changes nothing. */
export const loader = personalPage(() => Promise.resolve(redirect(dashboardPath)))

/** `POST /switch`: this session goes on in another account that its person is in. */
export const action = personalPage(async ({ request, person, services }) => {
  const asked = (await formOf(request)).get('account')
  const id = typeof asked === 'string' && /^\d{1,15}$/.test(asked) ? Number(asked) : undefined
  if (id === undefined || !(await workIn(services.db, person, id)))
    throw notFound(msg`You are in no account with this number. Choose one at the top of a page.`)
  return redirect(dashboardPath)
})

/** Never seen; without it this would be a resource route, whose failures have no page. */
export default function Switch() {
  return null
}
