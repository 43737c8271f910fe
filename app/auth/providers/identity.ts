import { limits } from '../../config/limits.ts'
import type { IdentityProvider } from '../../values/provider-names.ts'
import { ProviderTrouble } from './provider-answer.ts'

/** Who somebody is: the provider and the provider's own id of them, never their e-mail. */
export type Identity = {
  provider: IdentityProvider
  providerUserId: string
  name: string
  /** An address the provider has verified, the first of them, or null. */
  email: string | null
  /** All of them, where there may be more than one. */
  emails?: readonly string[]
}

type Profile = {
  id?: string
  displayName?: string
  emails?: { value: string }[]
}

const emailForm = /^[^\s@\p{Cc}\p{Cf}]{1,64}@[^\s@\p{Cc}\p{Cf}]{1,250}$/u

/** Names are printed in terminals and written to CSV: one line of visible characters. */
function cleanName(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return Array.from(visible).slice(0, limits.auth.nameCharsMax).join('') || 'No name'
}

/** A person as a provider describes them; its texts are anybody's, so they are cleaned here. */
export function identityOf(provider: IdentityProvider, profile: Profile): Identity {
  const { id = '', displayName = '', emails = [] } = profile
  // The form of the column it is the key of, where one text must not be cut into another.
  if (!/^[\x21-\x7e]{1,190}$/.test(id)) throw new ProviderTrouble('provider-answer', 'id')
  const verified = emails.map(({ value }) => value).filter((value) => emailForm.test(value))
  return {
    provider,
    providerUserId: id,
    name: cleanName(displayName),
    email: verified[0] ?? null,
    emails: verified,
  }
}
