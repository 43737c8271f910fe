import type { Page } from '@playwright/test'

/** A page in one state: its route, what the picture of it is called, and how one gets there. */
export type PageState = { route: string; name: string; open: (page: Page) => Promise<unknown> }

/** One that an address brings about. */
export const at = (route: string, name: string, path: string): PageState => ({
  route,
  name,
  open: (page: Page) => page.goto(path),
})
