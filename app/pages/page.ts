import type { MessageDescriptor } from '@lingui/core'
import { data, type LoaderFunctionArgs } from '@remix-run/node'
import { NoLongerAllowed } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { findPerson, signInFirst, type Person } from '../auth/auth.server.ts'
import { faultOf } from '../db/db.server.ts'
import type { PageServices } from '../services.ts'
import { msg } from '../values/language/msg.ts'
import { may, type Right } from '../values/teams/roles.ts'
import { refuseOtherAccount } from './for-account.ts'
import { takeTurn } from './turn.ts'
import { requestIdOf } from './request-id.ts'

export type PageArgs = {
  request: Request
  params: Record<string, string | undefined>
  services: PageServices
  isForwarded: boolean
  /** What its answer and the log know it by. */
  requestId: string
  /** Where it came from, as far as proxies that the configuration names have said. */
  clientAddress: string
}
export type PersonalArgs = PageArgs & {
  person: Person
  /** Ends the account's turn at the pages before the page is made. */
  leave(): void
}

/** Redirects, and pages that are refused on purpose, are thrown as well. */
const isAnswer = (thrown: unknown) =>
  thrown instanceof Response ||
  (thrown as { type?: unknown } | null)?.type === 'DataWithResponseInit'

function refuseLongForm({ headers }: Request) {
  const bytes = Number(headers.get('content-length') ?? 0)
  if (bytes > limits.pages.formBytesMax || headers.has('transfer-encoding')) {
    const message = msg`This form is too long. Nothing was changed. Shorten it and send it once more.`
    throw data({ message }, { status: 413 })
  }
}

/** The form that a request brings. What is none is refused, and no failure of ours. */
export async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData()
  } catch {
    throw data({ message: msg`This is no form. Send one from its page.` }, { status: 400 })
  }
}

/** Logs a failure under the request's id and turns it into an error page that shows the id. */
function failure(error: unknown, { context }: LoaderFunctionArgs) {
  const requestId = requestIdOf(context)
  const { log, env } = context.services
  // Anybody may write what they like into a path; the stack says which page it was.
  log.failed('page_failed', error, { request: requestId })
  // A message may quote a statement's values; only whoever changes the code right now may see it.
  if (env.RELAY_DEV) log.error('page_stack', { stack: String((error as Error).stack) })
  return data({ requestId }, { status: faultOf(error ?? {}) === 'refused' ? 500 : 503 })
}

const noLonger = msg`You may not do this in this account any more: your role in it has changed, or you have left it. Nothing was changed.`

/** A loader or an action that anybody may call. Failures become pages with an id to quote. */
export const page =
  <T>(work: (args: PageArgs) => Promise<T>) =>
  async (args: LoaderFunctionArgs): Promise<T> => {
    try {
      const { request, params, context } = args
      refuseLongForm(request)
      const { services, isForwarded, clientAddress } = context
      const requestId = requestIdOf(context)
      return await work({ request, params, services, isForwarded, requestId, clientAddress })
    } catch (thrown) {
      if (thrown instanceof NoLongerAllowed) throw data({ message: noLonger }, { status: 403 })
      throw isAnswer(thrown) ? thrown : failure(thrown, args)
    }
  }

/** The same request with its form at hand: whoever sends it slowly is looked at when it is here. */
async function whole(request: Request): Promise<Request> {
  if (request.body === null) return request
  const body = await request.arrayBuffer().catch(() => {
    const message = msg`This form did not come to its end. Send it once more.`
    throw data({ message }, { status: 400 })
  })
  return new Request(request, { body })
}

/**
 * The same for somebody who is signed in, in their account's turn, which ends with the page;
 * everybody else is sent to the sign-in page, or sees what `before` has for them. A form that was
 * shown for another account of theirs is refused.
 */
export const personalPage =
  <T>(
    work: (args: PersonalArgs) => Promise<T>,
    before?: (args: PageArgs) => Promise<T | undefined>,
  ) =>
  (args: LoaderFunctionArgs): Promise<T> =>
    page(async ({ request: begun, ...given }) => {
      const request = await whole(begun)
      const person = await findPerson(request, given.services)
      if (!person) {
        const shown = await before?.({ ...given, request })
        if (shown !== undefined) return shown
        throw signInFirst(request)
      }
      const leave = await takeTurn(person.accountId, args.context)
      await refuseOtherAccount(request, person, given.services.db)
      const atWork = work({ ...given, request, person, leave })
      ;(args.context.atWork ??= []).push(atWork)
      return atWork
    })(args)

/** Ends the page with a refusal where the person's role in the account does not include this. */
export function requireRight({ role }: Person, right: Right): void {
  if (may(role, right)) return
  const message = msg`Your role in this account is ${role}: this is not part of it. Ask an owner.`
  throw data({ message }, { status: 403 })
}

/** Of whose keys somebody may see the calls: null for everybody's in the account. */
export const whoseCalls = ({ role, userId }: Person): number | null =>
  may(role, 'see-usage-of-all') ? null : userId

/** What to throw where there is nothing to show, or nothing that is the asker's to see. */
export const notFound = (message?: string | MessageDescriptor) => data({ message }, { status: 404 })
