import { useEffect, useId, useRef } from 'react'

type FieldProps = {
  label: string
  name: string
  /** What was typed before, when the form comes back. */
  typed?: string
  hint?: string
  error?: string
  placeholder?: string
  maxLength?: number
}

/** A labelled line of text. An error is tied to its input, which takes the focus. */
export function TextField({ label, name, typed, hint, error, placeholder, maxLength }: FieldProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (error) input.current?.focus()
  }, [error])
  const about = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className="min-w-0 flex-1">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <input
        ref={input}
        id={id}
        name={name}
        defaultValue={typed}
        placeholder={placeholder}
        maxLength={maxLength}
        required
        autoComplete="off"
        autoFocus={Boolean(error)}
        aria-invalid={error ? true : undefined}
        aria-describedby={about}
        className="mt-1 block min-h-10 w-full rounded-md border border-line-strong bg-surface px-3 py-1.5 text-base placeholder:text-muted aria-invalid:border-bad"
      />
      {error ? (
        <p id={`${id}-error`} className="mt-1 text-sm font-medium text-bad">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="mt-1 text-sm text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  )
}
