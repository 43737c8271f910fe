import { CopyButton } from './copy-button.tsx'

type SnippetProps = { title: string; text: string; isWrapped?: boolean }

/** Text to be taken away whole. Long lines scroll; a secret wraps, so that all of it is seen. */
export const Snippet = ({ title, text, isWrapped = false }: SnippetProps) => (
  <figure className="min-w-0 overflow-hidden rounded-md border border-line bg-sunken">
    <figcaption className="flex min-h-9 items-center justify-between gap-2 border-b border-line px-3 text-xs font-medium text-muted">
      {title}
      <CopyButton text={text} what={title} />
    </figcaption>
    {/* Whoever has no mouse scrolls it with the arrow keys, so it must take the focus. */}
    <pre
      tabIndex={isWrapped ? undefined : 0}
      aria-label={isWrapped ? undefined : title}
      role={isWrapped ? undefined : 'region'}
      className={`px-3 py-2.5 font-mono text-[0.8125rem] leading-5 -outline-offset-2 ${isWrapped ? 'break-all whitespace-pre-wrap' : 'overflow-x-auto print:whitespace-pre-wrap'}`}
    >
      <code>{text}</code>
    </pre>
  </figure>
)
