import { data, redirect } from '@remix-run/node'
import { formOf, page, themeCookie } from '../pages/pages.server.ts'
import { homePath, safeReturnTo } from '../paths.ts'
import { msg } from '../values/language/msg.ts'
import { isTheme } from '../values/site/themes.ts'

/** `GET /theme` changes nothing. */
export const loader = () => redirect(homePath)

/** `POST /theme`: how light pages are in this browser from now on; back to the page it was sent from. */
export const action = page(async ({ request, services }) => {
  const form = await formOf(request)
  const [theme, returnTo] = [form.get('theme'), form.get('returnTo')]
  if (typeof theme !== 'string' || !isTheme(theme))
    throw data({ message: msg`There is no such theme. Choose one below a page.` }, { status: 400 })
  const to = safeReturnTo(typeof returnTo === 'string' ? returnTo : null)
  return redirect(to, { headers: { 'set-cookie': themeCookie(theme, services.env) } })
})

/** Never seen; without it this would be a resource route, whose failures have no page. */
export default function Theme() {
  return null
}
