import { redirect, type ActionFunctionArgs } from '@remix-run/node'
import { limits } from '../config/limits.ts'
import { formOf, personalFile, requireRight, streamFile } from '../pages/pages.server.ts'
import { playgroundPath } from '../paths.ts'
import { tooMany } from './playground/answer-page.server.ts'
import { askRelay } from './playground/ask.server.ts'
import { readQuestion } from './playground/question.server.ts'
import type { QuestionErrors } from './playground/said.ts'

/** `GET /playground/answer` asks nothing. */
export const loader = personalFile(() => Promise.resolve(redirect(playgroundPath())))

/** What the form shows beside its fields. */
const notAsked = (status: number, errors: QuestionErrors) =>
  Response.json({ errors }, { status, headers: { 'cache-control': 'no-store' } })

/** `POST /playground/answer`: the form of the playground, answered by events as the call goes on. */
export const action = (args: ActionFunctionArgs) =>
  personalFile(async ({ request, person, services }) => {
    requireRight(person, 'manage-own-keys')
    const { typed: question, errors } = readQuestion(await formOf(request))
    if (errors) return notAsked(400, errors)
    const end = services.playground.places.take(String(person.accountId))
    if (!end) return notAsked(429, { text: tooMany })
    const late = AbortSignal.timeout(limits.playground.streamMsMax)
    const signal = AbortSignal.any([request.signal, late])
    const pieces = askRelay({ services, person, question, signal })
    return new Response(streamFile(pieces, args.context.reader, end), {
      headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' },
    })
  })(args)
