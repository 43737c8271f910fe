import { limits } from '../../config/limits.ts'
import { msg } from '../../values/language/msg.ts'
import type { QuestionErrors } from './said.ts'

const { textCharsMax } = limits.playground
const nameCharsMax = limits.keys.modelsCharsMax

export type Question = { model: string; text: string }

const textOf = (form: FormData, name: string) => {
  const given = form.get(name)
  return typeof given === 'string' ? given : ''
}

/** What the form asks; whether there is such a model, and whether it may be called, the API says. */
export function readQuestion(form: FormData): {
  typed: Question
  errors: QuestionErrors | undefined
} {
  const typed = { model: textOf(form, 'model').trim(), text: textOf(form, 'text') }
  const errors: QuestionErrors = {}
  if (typed.model === '' || typed.model.length > nameCharsMax) errors.model = msg`Choose a model.`
  if (typed.text.trim() === '') errors.text = msg`Write what to ask.`
  if (typed.text.length > textCharsMax)
    errors.text = {
      ...msg`Write at most {most} characters; these are {count}.`,
      values: { most: textCharsMax, count: typed.text.length },
    }
  return { typed, errors: errors.model || errors.text ? errors : undefined }
}
