import { Trans } from '@lingui/react/macro'
import { createContext, useContext } from 'react'

/** By whose clocks moments are shown. */
export const Zone = createContext('UTC')

/** Its name as people read it. */
export const zoneName = (zone: string) => zone.replaceAll('_', ' ')

/** Says it once, beside what has times or days in it. */
export const TimesIn = () => {
  const zone = zoneName(useContext(Zone))
  return <Trans>Times are {zone}</Trans>
}
