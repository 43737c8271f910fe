/** Where a call's token figures come from; `none`: there were no tokens. */
export const usageSources = ['upstream', 'counted', 'none'] as const
export type UsageSource = (typeof usageSources)[number]

/**
 * Why the upstream's own figures were not taken, or taken with care. `absurd`: they cannot be.
 * `clamped`: a part was more than its whole. `summed`: they add up to less than their own total.
 * `zeros`: they say that there was nothing, and there was. `early`: more came after the last of them.
 */
export const usageFlags = ['absurd', 'clamped', 'summed', 'zeros', 'early'] as const
export type UsageFlag = (typeof usageFlags)[number]
