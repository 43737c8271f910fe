import { data, redirect } from '@remix-run/node'
import { chooseLanguage, findPerson } from '../auth/auth.server.ts'
import { formOf, languageCookie, page } from '../pages/pages.server.ts'
import { homePath, safeReturnTo } from '../paths.ts'
import { isLanguage } from '../values/language/languages.ts'
import { msg } from '../values/language/msg.ts'

/** `GET /language` changes nothing. */
export const loader = () => redirect(homePath)

/**
 * `POST /language`: the language of the pages from now on, in this browser and wherever its person
 * is signed in; back to the page it was sent from.
 */
export const action = page(async ({ request, services }) => {
  const form = await formOf(request)
  const [language, returnTo] = [form.get('language'), form.get('returnTo')]
  if (typeof language !== 'string' || !isLanguage(language)) {
    const message = msg`There is no such language. Choose one below a page.`
    throw data({ message }, { status: 400 })
  }
  const person = await findPerson(request, services)
  if (person) await chooseLanguage(services.db, person.userId, language)
  const to = safeReturnTo(typeof returnTo === 'string' ? returnTo : null)
  return redirect(to, { headers: { 'set-cookie': languageCookie(language, services.env) } })
})

/** Never seen; without it this would be a resource route, whose failures have no page. */
export default function ChosenLanguage() {
  return null
}
