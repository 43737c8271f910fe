import assert from 'node:assert/strict'
import { findOrSignUp } from '../app/auth/auth.server.ts'
import { addMember } from '../app/teams/teams.server.ts'
import type { Role } from '../app/values/teams/roles.ts'
import type { TestBooks } from './books.ts'

export const operator = { userId: null, actor: 'test' } as const

let people = 0

/** Somebody new, with an account of their own. */
export const newPersonIn = ({ pool }: TestBooks) => {
  const providerUserId = `person-${++people}`
  const email = `${providerUserId}@example.com`
  const provider = 'github'
  return findOrSignUp(pool, { provider, providerUserId, name: providerUserId, email })
}

/** Somebody else in an account. */
export async function joinIn(books: TestBooks, accountId: number, role: Role): Promise<number> {
  const { userId } = await newPersonIn(books)
  const place = { accountId, userId, role, capNanos: null, by: operator }
  assert.equal(await addMember(books.pool, place), 'added')
  return userId
}
