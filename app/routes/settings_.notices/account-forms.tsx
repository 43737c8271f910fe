import { Trans, useLingui } from '@lingui/react/macro'
import { noticesPath } from '../../paths.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type LineProps = { typed: string; error?: string }

/** From which credit on everybody who may see the account's money is told. */
export const Threshold = (line: LineProps) => {
  const { t } = useLingui()
  return (
    <Card title={t`When credit is low`}>
      <PostForm action={noticesPath} className="grid max-w-2xl gap-4">
        <input type="hidden" name="intent" value="threshold" />
        <TextField
          label={t`Tell us when credit falls below, in dollars`}
          name="below"
          inputMode="decimal"
          isOptional
          hint={t`Whoever may see the account’s money is told, once for each time; where it is below already, the next time. Empty: nobody is.`}
          {...line}
        />
        <div>
          <Button>
            <Trans>Save the threshold</Trans>
          </Button>
        </div>
      </PostForm>
    </Card>
  )
}

/** By whose midnights the account's budgets begin anew. */
export const TimeZone = (line: LineProps) => {
  const { t } = useLingui()
  return (
    <Card title={t`Time zone`}>
      <PostForm action={noticesPath} className="grid max-w-2xl gap-4">
        <input type="hidden" name="intent" value="time-zone" />
        <TextField
          label={t`Days of this account begin at midnight in`}
          name="zone"
          hint={t`Budgets of a day, a week and a month go by it. One that has begun ends when it would have.`}
          {...line}
        />
        <div>
          <Button>
            <Trans>Save the time zone</Trans>
          </Button>
        </div>
      </PostForm>
    </Card>
  )
}
