import { Trans, useLingui } from '@lingui/react/macro'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { SelectField } from '../../ui/field.tsx'
import { useLanguage } from '../../ui/language/use-language.ts'
import { languageNames, languages } from '../../values/language/languages.ts'

type LanguageProps = {
  action: string
  /** Where to go on. */
  returnTo: string
}

/** The language of the pages. A plain form: what comes back is loaded anew, in that language. */
export const LanguageCard = ({ action, returnTo }: LanguageProps) => {
  const { t } = useLingui()
  const language = useLanguage()
  return (
    <Card title={t`Language`}>
      <form method="post" action={action} className="grid max-w-2xl gap-4">
        <input type="hidden" name="returnTo" value={returnTo} />
        <SelectField
          label={t`Show the pages in`}
          name="language"
          chosen={language}
          hint={t`Programs are answered in English, and so is the command line. Mails are in English too.`}
        >
          {languages.map((each) => (
            <option key={each} value={each} lang={each}>
              {languageNames[each]}
            </option>
          ))}
        </SelectField>
        <div>
          <Button>
            <Trans>Save my language</Trans>
          </Button>
        </div>
      </form>
    </Card>
  )
}
