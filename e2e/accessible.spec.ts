import { expectAccessible } from './axe.ts'
import { signIn, test } from './fixtures.ts'
import type { PageState } from './page-state.ts'
import { fillAccount, statesOf } from './page-states.ts'

/** All of them look at one account, in one relay. */
let filled: Promise<PageState[]> | undefined

/** So many tests share the states, each within a test's time. */
const groups = 4

// A page is opened once, and looked at in every way.
for (let group = 0; group < groups; group++)
  test(`axe finds nothing on any page, narrow and wide, light and dark, ${group + 1} of ${groups}`, async ({
    page,
    relay,
  }) => {
    await signIn(page)
    filled ??= fillAccount(relay).then(statesOf)
    const states = await filled
    const size = Math.ceil(states.length / groups)
    const own = states.slice(group * size, (group + 1) * size)
    for (const { name, open } of own) {
      await open(page)
      await expectAccessible(page, name)
    }
    console.log(`    ${own.length} states of pages`)
  })
