/** The ways to sign in that exist, in the order the pages offer them. */
export const providerNames = ['github', 'google', 'oidc'] as const
export type ProviderName = (typeof providerNames)[number]

/** Who vouches for a person: a provider, or where there is none this machine. */
export const identityProviders = [...providerNames, 'local'] as const
export type IdentityProvider = (typeof identityProviders)[number]
