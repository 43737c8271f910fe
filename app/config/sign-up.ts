import { domainToASCII } from 'node:url'
import { z } from 'zod'

const domainForm = /^(?=.{1,253}$)[a-z\d-]{1,63}(\.[a-z\d-]{1,63})+$/

/** Where Node's function takes the rest for another part of an address, or for other letters. */
const endsDomain = /[/\\?#%:@[\]]/

/** A domain as it is compared: in the letters that names are looked up by; nothing where it is none. */
export const domainOf = (text: string): string =>
  endsDomain.test(text) ? '' : domainToASCII(text.trim().toLowerCase())

/** Who gets an account by signing in for the first time. */
export const signUpVariables = {
  SIGN_UP: z.enum(['open', 'invitation', 'domain', 'closed']).default('open'),
  /** Whose verified addresses are let in, where it is by domain. */
  SIGN_UP_DOMAINS: z
    .string()
    .transform((text) => text.split(',').map(domainOf))
    .refine(
      (domains) => domains.every((domain) => domainForm.test(domain)),
      'must be domains with commas between them, such as example.com,example.org',
    )
    .optional(),
}
type Variables = z.output<z.ZodObject<typeof signUpVariables>>

/** What does not go together. */
export function signUpFaults({ SIGN_UP, SIGN_UP_DOMAINS }: Partial<Variables>): string[] {
  if (SIGN_UP === 'domain' && SIGN_UP_DOMAINS === undefined)
    return ['SIGN_UP_DOMAINS: is missing; SIGN_UP=domain lets in whoever has an address there']
  if (SIGN_UP !== undefined && SIGN_UP !== 'domain' && SIGN_UP_DOMAINS !== undefined)
    return [`SIGN_UP_DOMAINS: means nothing with SIGN_UP=${SIGN_UP}; set SIGN_UP=domain`]
  return []
}
