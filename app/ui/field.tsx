import { useEffect, useId, useRef, type ReactNode } from 'react'

const box =
  'mt-1 block min-h-10 w-full rounded-md border border-line-strong bg-surface px-3 py-1.5 ' +
  'text-base placeholder:text-muted aria-invalid:border-bad'

type Labelled = { label: string; name: string; hint?: string; error?: string }

type FrameProps = Labelled & { id: string; children: ReactNode }

const Frame = ({ id, label, hint, error, children }: FrameProps) => (
  <div className="min-w-0 flex-1">
    <label htmlFor={id} className="block text-sm font-medium">
      {label}
    </label>
    {children}
    {error ? (
      <p id={`${id}-about`} className="mt-1 text-sm font-medium text-bad">
        {error}
      </p>
    ) : (
      hint && (
        <p id={`${id}-about`} className="mt-1 text-sm text-muted">
          {hint}
        </p>
      )
    )}
  </div>
)

/** What ties an input to its label and to what is said about it; an error takes the focus. */
function useLabelled<T extends HTMLElement>({ name, hint, error }: Labelled) {
  const id = useId()
  const ref = useRef<T>(null)
  useEffect(() => {
    if (error) ref.current?.focus()
  }, [error])
  return {
    id,
    ref,
    name,
    autoFocus: Boolean(error),
    'aria-invalid': error ? true : undefined,
    'aria-describedby': error || hint ? `${id}-about` : undefined,
  }
}

type TextFieldProps = Labelled & {
  /** What was typed before, when the form comes back. */
  typed?: string
  placeholder?: string
  type?: 'text' | 'date'
  inputMode?: 'decimal' | 'numeric'
  isOptional?: boolean
}

/**
 * A labelled line of text, or a day. An error is tied to its input, which takes the focus. How long
 * a text may be, the server says: a browser would cut what is pasted, without a word.
 */
export function TextField(props: TextFieldProps) {
  const { typed, placeholder, type = 'text', inputMode, isOptional = false } = props
  const shared = useLabelled<HTMLInputElement>(props)
  return (
    <Frame {...props} id={shared.id}>
      <input
        {...shared}
        {...{ type, placeholder, inputMode }}
        defaultValue={typed}
        required={!isOptional}
        autoComplete="off"
        className={box}
      />
    </Frame>
  )
}

type TextAreaFieldProps = Labelled & { typed?: string; rows: number }

/** A labelled text of a few lines, which may stay empty. */
export function TextAreaField({ typed, rows, ...props }: TextAreaFieldProps) {
  const shared = useLabelled<HTMLTextAreaElement>(props)
  return (
    <Frame {...props} id={shared.id}>
      <textarea {...shared} rows={rows} defaultValue={typed} spellCheck={false} className={box} />
    </Frame>
  )
}

type CheckFieldProps = Omit<Labelled, 'error'> & { isTicked: boolean }

/** A labelled box to tick, which is sent as `on`. */
export function CheckField({ label, hint, isTicked, ...props }: CheckFieldProps) {
  const { id, name, ...shared } = useLabelled<HTMLInputElement>({ label, hint, ...props })
  return (
    <div className="flex items-start gap-2">
      <input
        {...{ id, name }}
        ref={shared.ref}
        aria-describedby={shared['aria-describedby']}
        type="checkbox"
        defaultChecked={isTicked}
        className="mt-1 size-4 accent-accent"
      />
      <div className="min-w-0">
        <label htmlFor={id} className="block text-sm font-medium">
          {label}
        </label>
        {hint && (
          <p id={`${id}-about`} className="mt-1 text-sm text-muted">
            {hint}
          </p>
        )}
      </div>
    </div>
  )
}

type SelectFieldProps = Labelled & {
  /** The value chosen before. */
  chosen?: string
  children: ReactNode
}

/** A labelled choice of one among `option` children. */
export function SelectField({ chosen, children, ...props }: SelectFieldProps) {
  const shared = useLabelled<HTMLSelectElement>(props)
  return (
    <Frame {...props} id={shared.id}>
      <select {...shared} defaultValue={chosen} className={box}>
        {children}
      </select>
    </Frame>
  )
}
