import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { SelectField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Notice } from '../../ui/notice.tsx'
import { zoneName } from '../../ui/zone/zone.tsx'

type TimeZoneProps = {
  action: string
  zones: string[]
  /** Empty: that of the browser. */
  chosen: string
}

/** By whose clocks one is shown things. */
export function TimeZone({ action, zones, chosen }: TimeZoneProps) {
  const { t } = useLingui()
  return (
    <Card title={t`Time zone`}>
      <PostForm action={action} className="grid max-w-2xl gap-4">
        <input type="hidden" name="intent" value="zone" />
        <SelectField
          label={t`Show times, days and months in`}
          name="zone"
          key={chosen}
          chosen={chosen}
          hint={t`What you filter, and what is added up by day or month, goes by it. When budgets begin anew is a matter of the account.`}
        >
          <option value="">{t`The zone of my browser`}</option>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zoneName(zone)}
            </option>
          ))}
        </SelectField>
        <div>
          <Button>
            <Trans>Save my time zone</Trans>
          </Button>
        </div>
      </PostForm>
    </Card>
  )
}

/** What came of choosing one. */
export function ZoneChosen({ isKnown }: { isKnown: boolean }) {
  const { t } = useLingui()
  return isKnown ? (
    <Notice tone="good" title={t`Your time zone was saved`} isAnswer />
  ) : (
    <Notice tone="bad" title={t`There is no such time zone`} isAnswer>
      <p>
        <Trans>Nothing was changed. Choose one of the list.</Trans>
      </p>
    </Notice>
  )
}
