import { limits } from '../../config/limits.ts'
import { newFormToken, spendFormToken, type PersonalArgs } from '../../pages/pages.server.ts'
import { clockMs } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'
import { askRelay } from './ask.server.ts'
import { readQuestion, type Question } from './question.server.ts'
import { EventReader, heard, nothing, type QuestionErrors, type Shown } from './said.ts'

const { pageMsMax } = limits.playground
export const tooMany = msg`Several calls of this account are under way here. Wait for one of them.`

/** How the form is answered by a page. Each answer brings the token for the next form. */
type PageAnswer = { formToken: string; typed: Question } & (
  | { kind: 'invalid'; status: 400; errors: QuestionErrors }
  | { kind: 'busy'; status: 429; errors: QuestionErrors }
  /** The same form came before, and its answer is kept nowhere. */
  | { kind: 'repeated'; status: 409 }
  | { kind: 'answered'; status: 200; shown: Shown }
)

/** Asks, and waits for the whole answer: for a browser without JavaScript. */
export async function answerPage(
  { services, person, request, leave }: PersonalArgs,
  form: FormData,
): Promise<PageAnswer> {
  const formToken = newFormToken()
  const { typed, errors } = readQuestion(form)
  const next = { formToken, typed }
  if (errors) return { ...next, kind: 'invalid', status: 400, errors }
  const end = services.playground.places.take(String(person.accountId))
  if (!end) return { ...next, kind: 'busy', status: 429, errors: { text: tooMany } }
  try {
    const token = await spendFormToken(services.db, form.get('formToken'), clockMs())
    if (token === 'repeated') return { ...next, kind: 'repeated', status: 409 }
    const stale = { text: msg`This form has expired. Send it once more.` }
    if (token === 'stale') return { ...next, kind: 'invalid', status: 400, errors: stale }
    // Others of the account need not wait for what is only waited for here.
    leave()
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(pageMsMax)])
    const events = new EventReader()
    let shown = nothing
    for await (const piece of askRelay({ services, person, question: typed, signal }))
      for (const told of events.take(piece)) shown = heard(shown, told)
    return { ...next, kind: 'answered', status: 200, shown }
  } finally {
    end()
  }
}
