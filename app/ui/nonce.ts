import { createContext } from 'react'

/** The nonce of this answer's scripts. Known on the server alone: browsers hide it from the page. */
export const Nonce = createContext<string | undefined>(undefined)
