import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react'

/** A text of `msg`, such as a loader answers, in the language of the page. */
export const Said = ({ text }: { text: MessageDescriptor }) => <>{useLingui().i18n._(text)}</>
