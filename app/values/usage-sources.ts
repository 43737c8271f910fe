/** Where a call's token figures come from; `none`: there were no tokens. */
export const usageSources = ['upstream', 'counted', 'none'] as const
export type UsageSource = (typeof usageSources)[number]

/** Why the upstream's own figures were not taken, or taken with care. */
export const usageFlags = ['absurd', 'clamped'] as const
export type UsageFlag = (typeof usageFlags)[number]
