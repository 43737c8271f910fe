import { z } from 'zod'
import { deriveKey } from './derive-key.ts'
import { isGuessable } from './session-secret.ts'
import { upstreamLimits } from './bounds/upstream-limits.ts'

const { secretBytes } = upstreamLimits.upstreams.seal

/** What seals keys of upstreams in the database, as `openssl rand -base64 32` writes it. */
const secret = z
  .string()
  .refine(
    (text) => /^[A-Za-z0-9+/]+=*$/.test(text) && Buffer.from(text, 'base64').length === secretBytes,
    'must be 32 bytes in base64; take the answer of `openssl rand -base64 32`',
  )
  .optional()

export const upstreamSecretVariables = {
  UPSTREAM_KEYS_SECRET: secret,
  UPSTREAM_KEYS_SECRET_OLD: secret,
}

type Read = {
  [Name in keyof typeof upstreamSecretVariables]?: string | undefined
} & { SESSION_SECRET?: string | undefined; RELAY_MODE?: 'local' | 'server' | undefined }

/**
 * The secrets that open keys of upstreams; the first of them seals. On one's own machine there is one
 * without setting anything, which goes with the secret of sessions that is kept there.
 */
export function upstreamSecretsOf(env: Read): Buffer[] {
  const { UPSTREAM_KEYS_SECRET: now, UPSTREAM_KEYS_SECRET_OLD: old, SESSION_SECRET } = env
  const given = [now, old].map((text) => text && Buffer.from(text, 'base64'))
  const own =
    env.RELAY_MODE === 'local' && SESSION_SECRET
      ? deriveKey({ SESSION_SECRET }, 'upstream keys')
      : undefined
  return [given[0], own, given[1]].filter((it): it is Buffer => Buffer.isBuffer(it))
}

/**
 * The secrets whose keys `upstream rotate` seals anew. The machine's own is none of them beside one
 * that was set: relays that run without it would open nothing that it has sealed.
 */
export const rotatedSecretsOf = (env: Read): Buffer[] =>
  upstreamSecretsOf(env.UPSTREAM_KEYS_SECRET === undefined ? env : { ...env, RELAY_MODE: 'server' })

/** What is wrong with them together. */
export function upstreamSecretFaults(env: Read & { NODE_ENV?: string | undefined }): string[] {
  const wrong: string[] = []
  const { UPSTREAM_KEYS_SECRET: now, UPSTREAM_KEYS_SECRET_OLD: old } = env
  if (env.NODE_ENV === 'production' && now !== undefined && isGuessable(now)) {
    const cure = 'take the answer of `openssl rand -base64 32`'
    wrong.push(`UPSTREAM_KEYS_SECRET: can be guessed; ${cure}`)
  }
  if (old !== undefined && now === undefined && env.RELAY_MODE !== 'local') {
    wrong.push('UPSTREAM_KEYS_SECRET: is missing; the old one opens keys, and seals none')
  }
  return wrong
}
