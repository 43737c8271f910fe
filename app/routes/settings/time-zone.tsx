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
export const TimeZone = ({ action, zones, chosen }: TimeZoneProps) => (
  <Card title="Time zone">
    <PostForm action={action} className="grid max-w-2xl gap-4">
      <input type="hidden" name="intent" value="zone" />
      <SelectField
        label="Show times, days and months in"
        name="zone"
        key={chosen}
        chosen={chosen}
        hint="What you filter, and what is added up by day or month, goes by it. When budgets begin anew is a matter of the account."
      >
        <option value="">The zone of my browser</option>
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zoneName(zone)}
          </option>
        ))}
      </SelectField>
      <div>
        <Button>Save my time zone</Button>
      </div>
    </PostForm>
  </Card>
)

/** What came of choosing one. */
export const ZoneChosen = ({ isKnown }: { isKnown: boolean }) =>
  isKnown ? (
    <Notice tone="good" title="Your time zone was saved" isAnswer />
  ) : (
    <Notice tone="bad" title="There is no such time zone" isAnswer>
      <p>Nothing was changed. Choose one of the list.</p>
    </Notice>
  )
