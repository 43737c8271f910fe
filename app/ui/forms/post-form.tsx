import { Form, type FormProps } from '@remix-run/react'
import { useContext } from 'react'
import { forAccountField } from '../../values/teams/for-account.ts'
import { ForAccount } from './for-account.ts'

/**
 * A form that changes something. It carries the account that its page was shown for, so that it
 * does nothing in another one that the session has gone on in since.
 */
export const PostForm = ({ children, ...props }: Omit<FormProps, 'method'>) => {
  const account = useContext(ForAccount)
  return (
    <Form method="post" {...props}>
      {account !== undefined && <input type="hidden" name={forAccountField} value={account} />}
      {children}
    </Form>
  )
}
