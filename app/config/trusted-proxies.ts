import { z } from 'zod'
import { limits } from './limits.ts'
import { parseRange, type AddressRange } from '../values/keys/addresses.ts'

const fault =
  'must be addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8; a network ' +
  'of all addresses would let anybody write their own'

/** The proxies whose word is taken for where a request came from. */
export const trustedProxiesVariable = z
  .string()
  .transform((text, { addIssue }): readonly AddressRange[] => {
    const ranges = text.split(',').map((each) => parseRange(each.trim()))
    const good = ranges.filter((range) => range !== undefined && range.bits > 0)
    if (good.length === ranges.length && good.length <= limits.addresses.rangesMax)
      return good as AddressRange[]
    addIssue({ code: 'custom', message: fault })
    return []
  })
