import { createContext } from 'react'

/** The account that a page is shown for; undefined where nobody is signed in. */
export const ForAccount = createContext<number | undefined>(undefined)
