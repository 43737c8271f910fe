import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type NameFormProps = { action: string; name: string; error?: string }

/** What the account is called, where somebody is in several. */
export const NameForm = ({ action, name, error }: NameFormProps) => (
  <PostForm action={action} className="grid max-w-2xl gap-4 print:hidden">
    <input type="hidden" name="intent" value="rename" />
    <TextField
      label="Account name"
      name="name"
      typed={name}
      error={error}
      hint="Whoever is invited sees it."
    />
    <div>
      <Button look="secondary">Rename</Button>
    </div>
  </PostForm>
)
