import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { formOf, newFormToken, personalPage, requireRight } from '../../pages/pages.server.ts'
import {
  addCreditPath,
  callPath,
  keyPath,
  keysPath,
  modelsPath,
  playgroundAnswerPath,
  playgroundPath,
  redeemPath,
  usagePath,
} from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'
import { answerPage } from './answer-page.server.ts'
import { Answer } from './answer.tsx'
import { AskForm } from './ask-form.tsx'
import { readPlayground } from './read.server.ts'
import { useAnswer } from './use-answer.ts'

export const meta = titled(msg`Playground`)

/** `GET /playground`: a form to try a model with; `model` chooses one. Nothing is made by it. */
export const loader = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'manage-own-keys')
  const asked = new URL(request.url).searchParams.get('model')
  return { ...(await readPlayground(services, person, asked)), formToken: newFormToken() }
})

/** `POST /playground`: asks, and shows the answer when it has come. It is kept nowhere. */
export const action = personalPage(async (args) => {
  requireRight(args.person, 'manage-own-keys')
  const answer = await answerPage(args, await formOf(args.request))
  return data(answer, { status: answer.status })
})

function Repeated() {
  const { t } = useLingui()
  return (
    <Notice tone="warn" title={t`This form was sent before`} isAnswer>
      <p>
        <Trans>
          It was answered then, and nothing was called again. Answers are not kept: send it once
          more.
        </Trans>
      </p>
    </Notice>
  )
}

/** Whose key calls, and what it may cost. */
const About = ({ budgetNanos }: { budgetNanos: number }) => (
  <div className="grid max-w-3xl gap-1 text-sm text-muted">
    <p>
      <Trans>
        It calls this relay’s API as your programs do, at the{' '}
        <TextLink to={modelsPath}>same prices</TextLink>.
      </Trans>
    </p>
    <p>
      <Trans>
        The first question makes <TextLink to={keysPath}>a key of yours</TextLink> for it, with a
        budget of <Money nanos={budgetNanos} /> a day.
      </Trans>
    </p>
    <p>
      <Trans>This relay keeps neither what you write nor what is answered.</Trans>
    </p>
  </div>
)

const paths = { call: callPath, key: keyPath, keys: keysPath, calls: usagePath }
const answerId = 'answer'

export default function Playground() {
  const { models, formToken, budgetNanos, textCharsMax, ...credit } = useLoaderData<typeof loader>()
  const page = useActionData<typeof action>()
  const { t } = useLingui()
  const { asked, ask, stop } = useAnswer(playgroundAnswerPath)
  const errors = asked ? asked.errors : page && 'errors' in page ? page.errors : undefined
  const came = asked ? asked.shown : page?.kind === 'answered' ? page.shown : null
  const shown = errors ? null : came
  const isComing = asked?.isComing ?? false
  const place = useRef<HTMLDivElement>(null)
  // On a phone it is below the form.
  useEffect(() => {
    if (isComing) place.current?.scrollIntoView({ block: 'nearest' })
  }, [isComing])
  return (
    <>
      <PageTitle>
        <Trans>Playground</Trans>
      </PageTitle>
      {page?.kind === 'repeated' && !asked && <Repeated />}
      {models.names.length === 0 ? (
        <Card>
          <Empty title={t`No model is on sale that you could talk to`}>
            <Trans>Whoever runs this relay adds models.</Trans>
          </Empty>
        </Card>
      ) : (
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Card title={t`Question`}>
            <AskForm
              action={`${playgroundPath()}#${answerId}`}
              formToken={page?.formToken ?? formToken}
              typed={page?.typed}
              ask={(form) => void ask(form)}
              {...{ models, textCharsMax, errors, isComing, stop }}
            />
          </Card>
          {/* An answer is gone to; a mistake in the form is not beside it. */}
          <div ref={place} id={shown ? answerId : undefined} className="min-w-0">
            <Answer
              credit={{ ...credit, addPath: addCreditPath, redeemPath }}
              {...{ shown, isComing, paths }}
            />
          </div>
        </div>
      )}
      <About budgetNanos={budgetNanos} />
    </>
  )
}
