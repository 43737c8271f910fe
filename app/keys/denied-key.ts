import { Refused } from '../errors/refusal.ts'
import type { DeniedBy } from '../ledger/ledger.server.ts'

type Asked = { address: string; model?: string }

/** What a good key is told that may not do this, by what keeps it from it. */
export function deniedKey(by: DeniedBy, { address, model = 'this model' }: Asked): Refused {
  const refused = (message: string, param: string | null = null) =>
    new Refused('permission_denied', { message, param })
  switch (by) {
    // Whoever holds a key of an account may know the state of that account, and of no other.
    case 'account':
      return refused('The account of this API key is suspended: ask whoever runs this relay.')
    case 'key':
      return refused('This API key is disabled. It works again when it is enabled on its page.')
    case 'address':
      return refused(
        `This API key may not be used from ${address || 'here'}: its list of addresses lacks it.`,
      )
    case 'models':
      return refused(`This API key may not call ${model}: its list of models lacks it.`, 'model')
    case 'group models':
      return refused(`This account may not call ${model}: ask whoever runs this relay.`, 'model')
  }
}
