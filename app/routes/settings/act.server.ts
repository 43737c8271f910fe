import { z } from 'zod'
import {
  chooseZone,
  configuredProvider,
  endOtherSessions,
  endOwnSession,
  startLink,
  unlinkIdentity,
} from '../../auth/auth.server.ts'
import { msg } from '../../values/language/msg.ts'
import { timeZoneOf } from '../../values/zones/zones.ts'
import { providerNames } from '../../values/provider-names.ts'
import { formOf, limitAddress, notFound, type PersonalArgs } from '../../pages/pages.server.ts'

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('link'), provider: z.string().max(20) }),
  z.object({
    intent: z.literal('unlink'),
    provider: z.enum(providerNames),
    id: z.string().max(190),
  }),
  z.object({ intent: z.literal('zone'), zone: z.string().max(60) }),
  z.object({ intent: z.literal('end-others') }),
  z.object({ intent: z.literal('end-one'), session: z.string().regex(/^[\da-f]{32}$/) }),
])

type SettingsAnswer =
  | { kind: 'ended-others'; ended: number }
  | { kind: 'ended-one'; ended: 0 | 1 }
  | { kind: 'zone' | 'no-zone'; ended: 0 }
  | { kind: 'unlinked' | 'last-way' | 'gone-way' | 'unknown'; ended: 0 }

/** Does what a form of the settings asks for; adding a provider goes on at the provider. */
export async function actOnSettings(args: PersonalArgs): Promise<SettingsAnswer | Response> {
  const { request, services, person, requestId } = args
  const parsed = Intent.safeParse(Object.fromEntries(await formOf(request)))
  if (!parsed.success) return { kind: 'unknown', ended: 0 }
  const order = parsed.data
  switch (order.intent) {
    case 'link': {
      const provider = configuredProvider(services.env, order.provider)
      if (!provider)
        throw notFound(
          msg`This relay does not offer that way to sign in. Choose one on the settings page.`,
        )
      await limitAddress('sign-in', args)
      return startLink(request, services, provider, requestId)
    }
    case 'unlink': {
      const named = { provider: order.provider, providerUserId: order.id }
      const done = await unlinkIdentity(services.db, services.env, person, named)
      return { kind: done === 'unlinked' ? done : `${done}-way`, ended: 0 }
    }
    case 'zone': {
      const zone = order.zone === '' ? null : timeZoneOf(order.zone)
      if (zone === undefined) return { kind: 'no-zone', ended: 0 }
      await chooseZone(services.db, { ...person, zone })
      return { kind: 'zone', ended: 0 }
    }
    case 'end-others':
      return { kind: 'ended-others', ended: await endOtherSessions(services.db, person) }
    case 'end-one': {
      const hasEnded = await endOwnSession(services.db, person, order.session)
      return { kind: 'ended-one', ended: hasEnded ? 1 : 0 }
    }
  }
}
