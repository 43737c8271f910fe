import { z } from 'zod'
import {
  configuredProvider,
  endOtherSessions,
  endOwnSession,
  startLink,
} from '../../auth/auth.server.ts'
import { formOf, notFound, type PersonalArgs } from '../../pages/pages.server.ts'

const Intent = z.discriminatedUnion('intent', [
  z.strictObject({ intent: z.literal('link'), provider: z.string().max(20) }),
  z.strictObject({ intent: z.literal('end-others') }),
  z.strictObject({ intent: z.literal('end-one'), session: z.string().regex(/^[\da-f]{32}$/) }),
])

type SettingsAnswer =
  | { kind: 'ended-others'; ended: number }
  | { kind: 'ended-one'; ended: 0 | 1 }
  | { kind: 'unknown'; ended: 0 }

/** Does what a form of the settings asks for; adding a provider goes on at the provider. */
export async function actOnSettings(args: PersonalArgs): Promise<SettingsAnswer | Response> {
  const { request, services, person } = args
  const parsed = Intent.safeParse(Object.fromEntries(await formOf(request)))
  if (!parsed.success) return { kind: 'unknown', ended: 0 }
  const order = parsed.data
  switch (order.intent) {
    case 'link': {
      const provider = configuredProvider(services.env, order.provider)
      if (!provider)
        throw notFound(
          'This relay does not offer that way to sign in. Choose one on the settings page.',
        )
      return startLink(request, services, provider)
    }
    case 'end-others':
      return { kind: 'ended-others', ended: await endOtherSessions(services.db, person) }
    case 'end-one': {
      const hasEnded = await endOwnSession(services.db, person, order.session)
      return { kind: 'ended-one', ended: hasEnded ? 1 : 0 }
    }
  }
}
