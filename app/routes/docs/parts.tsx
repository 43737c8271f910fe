import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { Cell, Row, Table } from '../../ui/table.tsx'

/** A titled part that an address can lead to. */
export const Part = ({ id, title, children }: Record<'id' | 'title', string> & Within) => (
  <section id={id} aria-labelledby={`${id}-title`} className="grid min-w-0 gap-3">
    <h2 id={`${id}-title`} className="text-xl font-semibold tracking-tight">
      {title}
    </h2>
    {children}
  </section>
)
type Within = { children: ReactNode }

/** A paragraph of it. */
export const Words = ({ children }: Within) => (
  <p className="max-w-3xl text-sm leading-6">{children}</p>
)

export const Code = ({ children }: Within) => (
  <code className="font-mono text-[0.8125rem] wrap-anywhere">{children}</code>
)

/** Names as a program knows them, each with what it is. */
export function Named({ label, head, of }: Record<'label' | 'head', string> & { of: Named }) {
  const { t } = useLingui()
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Table label={label} heads={[{ text: head }, { text: t`What it is` }]}>
        {Object.entries(of).map(([name, words]) => (
          <Row key={name}>
            <Cell narrow="max-lg:col-span-full">
              <Code>{name}</Code>
            </Cell>
            <Cell narrow="max-lg:col-span-full">
              {typeof words === 'string' ? <Code>{words}</Code> : t(words)}
            </Cell>
          </Row>
        ))}
      </Table>
    </div>
  )
}
type Named = Record<string, MessageDescriptor | string>
