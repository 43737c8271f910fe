import { Trans, useLingui } from '@lingui/react/macro'
import { useId, useState } from 'react'
import { TextLink } from '../link.tsx'

/** Models to choose from, the part of a name by which they were looked for, and where their prices are. */
export type Pickable = { names: string[]; find: string; shownMax: number; listPath: string }

type ModelPickerProps = { models: Pickable; chosen: string; error?: string }

const box =
  'block min-h-10 w-full rounded-md border border-line-strong bg-surface px-3 py-1.5 text-base'

type FindProps = { asked: string; onFind: (part: string) => void }

/** With JavaScript the boxes follow what is typed, and the button has nothing to send. */
const FindModel = ({ asked, onFind }: FindProps) => {
  const { t } = useLingui()
  return (
    <div className="mt-2 flex gap-2">
      <input
        name="find"
        aria-label={t`Find a model`}
        placeholder={t`Part of a name`}
        defaultValue={asked}
        onChange={(event) => onFind(event.currentTarget.value)}
        autoComplete="off"
        className={box}
      />
      <button
        type="submit"
        name="isFinding"
        value="on"
        formNoValidate
        onClick={(event) => event.preventDefault()}
        className="min-h-10 cursor-pointer rounded-md border border-line-strong bg-surface px-4 text-sm font-semibold hover:bg-sunken"
      >
        <Trans>Find</Trans>
      </button>
    </div>
  )
}

/**
 * Models to tick. Looking for one is a button of the form, which comes back as it was typed, with
 * fewer boxes; what is ticked stays there, whatever is looked for.
 */
export function ModelPicker({ models, chosen, error }: ModelPickerProps) {
  const { t } = useLingui()
  const id = useId()
  const [find, setFind] = useState(models.find)
  const [ticked, setTicked] = useState(() => new Set(chosen.split(/[\s,]+/).filter(Boolean)))
  const isFound = (name: string) => name.toLowerCase().includes(find.trim().toLowerCase())
  const ours = [...ticked].filter((name) => !models.names.includes(name))
  const matching = models.names.filter((name) => ticked.has(name) || isFound(name))
  const shown = matching.filter((name, i) => ticked.has(name) || i < models.shownMax)
  const more = matching.length - shown.length
  const tick = (name: string, isTicked: boolean) =>
    setTicked((old) => new Set(isTicked ? [...old, name] : [...old].filter((it) => it !== name)))
  return (
    <fieldset aria-describedby={`${id}-about`} className="min-w-0">
      <legend className="text-sm font-medium">
        <Trans>Models</Trans>
      </legend>
      <p id={`${id}-about`} className={`text-sm ${error ? 'font-medium text-bad' : 'text-muted'}`}>
        {error ?? t`Those it may use. None ticked: all models.`}{' '}
        <TextLink to={models.listPath}>
          <Trans>What they cost</Trans>
        </TextLink>
      </p>
      <FindModel asked={models.find} onFind={setFind} />
      <div className="mt-2 grid max-h-64 gap-x-4 overflow-y-auto sm:grid-cols-2">
        {[...ours, ...shown].map((name) => (
          <label key={name} className="flex min-h-8 items-center gap-2 font-mono text-xs">
            <input
              type="checkbox"
              name="models"
              value={name}
              checked={ticked.has(name)}
              onChange={(event) => tick(name, event.currentTarget.checked)}
              className="size-4 shrink-0 accent-accent"
            />
            <span className="wrap-anywhere">{name}</span>
          </label>
        ))}
      </div>
      {ours.length + shown.length === 0 && (
        <p className="text-sm text-muted">
          <Trans>No model is called like that.</Trans>
        </p>
      )}
      {more > 0 && (
        <p className="mt-1 text-sm text-muted">
          <Trans>{more} more: find them by a part of their name.</Trans>
        </p>
      )}
    </fieldset>
  )
}
