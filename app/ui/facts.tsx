import type { ReactNode } from 'react'

export type Fact = { name: string; value: ReactNode }

/** Names and values, in two columns where there is room. */
export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-[max-content_1fr]">
    {facts.map(({ name, value }) => (
      <div key={name} className="sm:col-span-2 sm:grid sm:grid-cols-subgrid">
        <dt className="text-muted">{name}</dt>
        <dd className="wrap-anywhere">{value}</dd>
      </div>
    ))}
  </dl>
)

/** An id to copy: it is marked whole at a click, and breaks where it must. */
export const Id = ({ text }: { text: string }) => (
  <code className="font-mono text-[0.8125rem] wrap-anywhere select-all">{text}</code>
)
