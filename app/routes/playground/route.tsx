import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { formOf, newFormToken, personalPage, requireRight } from '../../pages/pages.server.ts'
import {
  callPath,
  keysPath,
  modelsPath,
  playgroundAnswerPath,
  playgroundPath,
} from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { answerPage } from './answer-page.server.ts'
import { Answer } from './answer.tsx'
import { AskForm } from './ask-form.tsx'
import { chatModels, dayBudgetNanos } from './read.server.ts'
import { useAnswer } from './use-answer.ts'

export const meta = titled('Playground')

/** `GET /playground`: a form to try a model with; `model` chooses one. Nothing is made by it. */
export const loader = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'manage-own-keys')
  const asked = new URL(request.url).searchParams.get('model')
  return {
    models: chatModels(services, asked),
    formToken: newFormToken(),
    budgetNanos: dayBudgetNanos,
  }
})

/** `POST /playground`: asks, and shows the answer when it has come. It is kept nowhere. */
export const action = personalPage(async (args) => {
  requireRight(args.person, 'manage-own-keys')
  const answer = await answerPage(args, await formOf(args.request))
  return data(answer, { status: answer.status })
})

const Repeated = () => (
  <Notice tone="warn" title="This form was sent before" isAnswer>
    <p>
      It was answered then, and nothing was called again. Answers are not kept: send it once more.
    </p>
  </Notice>
)

/** Whose key calls, and what it may cost. */
const About = ({ budgetNanos }: { budgetNanos: number }) => (
  <p className="text-sm text-muted">
    It calls this relay’s API as your programs do, at the same prices, with{' '}
    <TextLink to={keysPath}>a key of yours</TextLink> that is called “playground” and is made with a
    budget of <Money nanos={budgetNanos} /> a day. What you write and what is answered is kept
    nowhere. <TextLink to={modelsPath}>What models cost</TextLink>
  </p>
)

export default function Playground() {
  const { models, formToken, budgetNanos } = useLoaderData<typeof loader>()
  const page = useActionData<typeof action>()
  const { asked, ask, stop } = useAnswer(playgroundAnswerPath)
  const shown = asked?.shown ?? (page?.kind === 'answered' ? page.shown : null)
  const errors = page?.kind === 'invalid' || page?.kind === 'busy' ? page.errors : undefined
  return (
    <>
      <PageTitle>Playground</PageTitle>
      {page?.kind === 'repeated' && !asked && <Repeated />}
      <Card title="Try a model">
        {models.names.length === 0 ? (
          <Empty title="No model is on sale that can be talked to">
            Whoever runs this relay adds models.
          </Empty>
        ) : (
          <div className="grid gap-4">
            <About budgetNanos={budgetNanos} />
            <AskForm
              action={playgroundPath()}
              formToken={page?.formToken ?? formToken}
              models={models}
              typed={page?.typed}
              errors={asked ? undefined : errors}
              isComing={asked?.isComing ?? false}
              ask={(form) => void ask(form)}
              stop={stop}
            />
          </div>
        )}
      </Card>
      {shown && <Answer shown={shown} isComing={asked?.isComing ?? false} callPath={callPath} />}
    </>
  )
}
