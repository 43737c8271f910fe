import { Trans, useLingui } from '@lingui/react/macro'
import { keySnippet, snippetsFor, type Clients } from './snippets.ts'
import { Snippet } from './snippet.tsx'

/** How each program is set up, one below the other, of which one is open; a key or what stands for it. */
export const ClientSnippets = ({ clients, shownKey }: { clients: Clients; shownKey: string }) => {
  const { t } = useLingui()
  const snippets = snippetsFor(clients)
  if (snippets.length === 0)
    return (
      <p className="text-sm text-muted">
        <Trans>No model is on sale here at the moment.</Trans>
      </p>
    )
  return (
    <div className="grid gap-3">
      <Snippet title={t`Your key, for all of these`} text={keySnippet(shownKey)} />
      <div className="divide-y divide-line rounded-md border border-line">
        {snippets.map(({ name, title, note, text }, at) => (
          <details key={name} name="client" open={at === 0} className="group">
            <summary className="cursor-pointer px-3 py-2.5 text-sm font-medium hover:bg-sunken">
              {title}
            </summary>
            <div className="grid min-w-0 gap-2 px-3 pb-3">
              <p className="text-sm text-muted">{t(note)}</p>
              <Snippet title={title} text={text} />
            </div>
          </details>
        ))}
      </div>
    </div>
  )
}
