import { Trans, useLingui } from '@lingui/react/macro'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextAreaField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { formatCount } from '../../ui/format/numbers.tsx'
import { useLanguage } from '../../ui/language/use-language.ts'
import type { QuestionErrors } from './said.ts'

type AskFormProps = {
  action: string
  formToken: string
  models: { names: string[]; chosen: string | undefined; isCut: boolean }
  textCharsMax: number
  typed: { model: string; text: string } | undefined
  errors: QuestionErrors | undefined
  isComing: boolean
  ask: (form: FormData) => void
  stop: () => void
}

/** As in other places where one writes to a model: with Ctrl, or ⌘, Enter sends. */
function sendByKeys(event: KeyboardEvent<HTMLFormElement>) {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
}

/** What to ask, and whom. With JavaScript it stays, and its answer comes as it is written. */
export function AskForm(props: AskFormProps) {
  const { action, formToken, models, textCharsMax, typed, errors, isComing, ask, stop } = props
  const { t } = useLingui()
  const most = formatCount(textCharsMax, useLanguage())
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!isComing) ask(new FormData(event.currentTarget))
  }
  const { names, isCut } = models
  const chosen = typed?.model || models.chosen
  const all = chosen && !names.includes(chosen) ? [chosen, ...names] : names
  return (
    <PostForm
      action={action}
      replace
      onSubmit={send}
      onKeyDown={sendByKeys}
      className="grid gap-4 print:hidden"
    >
      <input type="hidden" name="formToken" value={formToken} />
      <SelectField
        label={t`Model`}
        name="model"
        chosen={chosen}
        hint={isCut ? t`There are more: go to one from the list of models.` : undefined}
        error={errors?.model && t(errors.model)}
      >
        {all.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </SelectField>
      <TextAreaField
        label={t`Text`}
        name="text"
        rows={7}
        typed={typed?.text}
        hint={t`At most ${most} characters.`}
        error={errors?.text && t(errors.text)}
      />
      <div className="flex flex-wrap gap-3">
        <Button isPending={isComing} pendingText={t`Answering…`}>
          <Trans>Send</Trans>
        </Button>
        {isComing && (
          <Button look="secondary" onPress={stop}>
            <Trans>Stop</Trans>
          </Button>
        )}
      </div>
    </PostForm>
  )
}
