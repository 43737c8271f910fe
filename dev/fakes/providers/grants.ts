import { createHash, randomBytes } from 'node:crypto'
import type { Person } from './behaviours.ts'

/** What a person allowed at the authorize page. */
type Grant = {
  person: Person
  redirectUri: string
  /** The PKCE challenge, where the client sent one. */
  challenge: string | null
  /** What a token of identity is to say again. */
  nonce?: string | null
}
type Redeemed = { token: string; person: Person; nonce: string | null }
type Client = { id: string; secret: string }

/** OAuth's own words; GitHub has others for the same things. */
export type GrantError = 'invalid_client' | 'invalid_grant' | 'redirect_uri_mismatch'

const random = () => randomBytes(20).toString('hex')
const s256 = (verifier: string) => createHash('sha256').update(verifier).digest('base64url')

/** The codes and tokens of one provider: a code works once, for one client, for a while. */
export class Grants {
  readonly #codes = new Map<string, Grant & { untilMs: number }>()
  readonly #tokens = new Map<string, Person>()

  constructor(
    readonly client: Client,
    readonly codeMs: number,
  ) {}

  issueCode(grant: Grant): string {
    const code = random()
    const isOld = grant.person.asked.has('expired-code')
    this.#codes.set(code, { ...grant, untilMs: Date.now() + (isOld ? -1 : this.codeMs) })
    return code
  }

  /** Exchanges a code for a token, or says what does not fit. A code is gone after its first try. */
  redeem(form: URLSearchParams): Redeemed | GrantError {
    const isClient =
      form.get('client_id') === this.client.id && form.get('client_secret') === this.client.secret
    const code = form.get('code') ?? ''
    const grant = this.#codes.get(code)
    if (!isClient || grant?.person.asked.has('bad-client')) return 'invalid_client'
    this.#codes.delete(code)
    if (!grant || Date.now() > grant.untilMs) return 'invalid_grant'
    if (form.get('redirect_uri') !== grant.redirectUri) return 'redirect_uri_mismatch'
    const verifier = form.get('code_verifier')
    if (grant.challenge !== null && s256(verifier ?? '') !== grant.challenge) return 'invalid_grant'
    const token = random()
    this.#tokens.set(token, grant.person)
    return { token, person: grant.person, nonce: grant.nonce ?? null }
  }

  /** Whose token an `authorization` header carries. */
  personWith(authorization: string | undefined): Person | undefined {
    return this.#tokens.get(/^(?:Bearer|token) (\w+)$/i.exec(authorization ?? '')?.[1] ?? '')
  }
}
