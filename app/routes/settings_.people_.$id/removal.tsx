import { useNavigation } from '@remix-run/react'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'

type RemovalProps = { action: string; name: string; isSelf: boolean }

/** Says what ends with it before it is done. */
export function Removal({ action, name, isSelf }: RemovalProps) {
  const isPending = useNavigation().formData?.get('intent') === 'remove'
  return (
    <div className="grid gap-4">
      <p className="text-sm">
        {isSelf ? 'Your' : 'Their'} keys of this account stop working at once, calls under way with
        them are cut off, and {isSelf ? 'your' : 'their'} open invitations end. Another invitation
        lets {isSelf ? 'you' : 'them'} in again, without the keys.
      </p>
      <PostForm action={action}>
        <input type="hidden" name="intent" value="remove" />
        <Button look="danger" isPending={isPending} pendingText="One moment…">
          {isSelf ? 'Leave this account' : `Remove ${name}`}
        </Button>
      </PostForm>
    </div>
  )
}
