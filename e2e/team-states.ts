import type { Page } from '@playwright/test'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import type { Pool } from '../app/db/db.server.ts'
import { addMember, makeInvitation, revokeInvitation } from '../app/teams/teams.server.ts'
import { at, type PageState } from './page-state.ts'

/** Somebody in the local developer's account, and links into another one. */
export type Team = { memberId: number; open: string; over: string }

/** Puts somebody into the local developer's account, and the developer into another one. */
export async function fillTeam(
  pool: Pool,
  developer: { accountId: number; userId: number },
): Promise<Team> {
  const person = (providerUserId: string, name: string) =>
    findOrSignUp(pool, { provider: 'github', providerUserId, name, email: 'grace@example.com' })
  const member = await person('states-member', 'Grace Hopper')
  const host = await person('states-host', 'An account with a long name, of others')
  const by = { userId: null, actor: 'test' }
  const place = { role: 'member', capNanos: 25_000_000_000, by } as const
  await addMember(pool, { ...place, accountId: developer.accountId, userId: member.userId })
  await addMember(pool, { ...place, accountId: host.accountId, userId: developer.userId })
  const invite = async (from: { accountId: number; userId: number }, forWhom: string) => {
    const asked = {
      accountId: from.accountId,
      by: { userId: from.userId },
      role: 'billing',
    } as const
    const made = await makeInvitation(pool, { ...asked, capNanos: null, forWhom })
    if (typeof made === 'string') throw new Error(made)
    return { ...made, accountId: from.accountId, by: { userId: from.userId } }
  }
  await invite(developer, 'whoever does the books')
  await revokeInvitation(pool, await invite(developer, 'somebody else'))
  const third = await person('states-third', 'Third')
  const [open, over] = [await invite(third, 'you'), await invite(third, 'you, before')]
  await revokeInvitation(pool, over)
  return { memberId: member.userId, open: open.token, over: over.token }
}

/** The pages about people, as an owner sees them. */
export const teamStates = ({ memberId, open, over }: Team): PageState[] => [
  at('routes/settings_.people', 'people', '/settings/people'),
  {
    route: 'routes/settings_.people',
    name: 'people-invited',
    open: async (page: Page) => {
      await page.goto('/settings/people')
      await page.getByLabel('For whom').fill('made for the picture')
      await page.getByRole('button', { name: 'Make a link' }).click()
      await page.getByText('Send them this link').waitFor()
    },
  },
  at('routes/settings_.people_.$id', 'person', `/settings/people/${memberId}`),
  {
    route: 'routes/settings_.people_.$id',
    name: 'person-invalid',
    open: async (page: Page) => {
      await page.goto(`/settings/people/${memberId}`)
      await page.getByLabel('Cap a month').fill('much')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Write dollars such as').waitFor()
    },
  },
  at('routes/settings_.people_.$id', 'person-none', '/settings/people/999999'),
  at('routes/settings_.log', 'log', '/settings/log'),
  at('routes/join.$token', 'join', `/join/${open}`),
  at('routes/join.$token', 'join-over', `/join/${over}`),
]
