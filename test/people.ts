import assert from 'node:assert/strict'
import { chooseZone, findOrSignUp } from '../app/auth/auth.server.ts'
import { createPool, type Pool } from '../app/db/db.server.ts'
import { addMember, listPeople } from '../app/teams/teams.server.ts'
import type { Role } from '../app/values/teams/roles.ts'
import { testBooks, type TestBooks } from './books.ts'

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

/** Books, two replicas that know each other by them alone, and people who come and go. */
export async function startTeams() {
  const books = await testBooks()
  const other = createPool(books.url)
  const pools: [Pool, Pool] = [books.pool, other]
  return {
    books,
    pools,
    newPerson: () => newPersonIn(books),
    join: (accountId: number, role: Role) => joinIn(books, accountId, role),
    /** What everybody in an account is there, by their numbers. */
    async rolesIn(accountId: number): Promise<Record<string, Role>> {
      const people = await listPeople(books.pool, accountId)
      return Object.fromEntries(people.map(({ userId, role }) => [userId, role]))
    },
    async close() {
      await other.close()
      await books.close()
    },
  }
}

/** Somebody in an account, an admin, for each zone that it is to be looked at by. */
export async function peopleInZones(books: TestBooks, accountId: number, zones: readonly string[]) {
  const people: number[] = []
  for (const zone of zones) {
    const userId = await joinIn(books, accountId, 'admin')
    await chooseZone(books.pool, { userId, zone })
    people.push(userId)
  }
  return people
}
