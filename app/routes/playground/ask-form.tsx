import type { FormEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextAreaField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type AskFormProps = {
  action: string
  formToken: string
  models: { names: string[]; chosen: string | undefined; isCut: boolean }
  typed: { model: string; text: string } | undefined
  errors: { model?: string; text?: string } | undefined
  isComing: boolean
  ask: (form: FormData) => void
  stop: () => void
}

/** What to ask, and whom. With JavaScript it stays, and its answer comes as it is written. */
export function AskForm(props: AskFormProps) {
  const { action, formToken, models, typed, errors, isComing, ask, stop } = props
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    ask(new FormData(event.currentTarget))
  }
  const { names, isCut } = models
  const chosen = typed?.model || models.chosen
  const all = chosen && !names.includes(chosen) ? [chosen, ...names] : names
  return (
    <PostForm action={action} replace onSubmit={send} className="grid max-w-2xl gap-4">
      <input type="hidden" name="formToken" value={formToken} />
      <SelectField
        label="Model"
        name="model"
        chosen={chosen}
        hint={isCut ? 'There are more: go to one from the list of models.' : undefined}
        error={errors?.model}
      >
        {all.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <TextAreaField label="Text" name="text" rows={4} typed={typed?.text} error={errors?.text} />
      <div className="flex flex-wrap gap-3">
        <Button isPending={isComing} pendingText="Answering…">
          Send
        </Button>
        {isComing && (
          <button
            type="button"
            onClick={stop}
            className="min-h-10 cursor-pointer rounded-md border border-line-strong bg-surface px-4 text-sm font-semibold hover:bg-sunken"
          >
            Stop
          </button>
        )}
      </div>
    </PostForm>
  )
}
