import { useEffect, useRef, type ReactNode } from 'react'

const tones = {
  info: 'border-info bg-info-soft',
  good: 'border-good bg-good-soft',
  bad: 'border-bad bg-bad-soft',
  warn: 'border-warn bg-warn-soft',
}

type NoticeProps = {
  tone: keyof typeof tones
  title: string
  children?: ReactNode
  /** It answers what somebody just did: read out at once, and the place to go on reading. */
  isAnswer?: boolean
}

/** Something to know before reading on. */
export function Notice({ tone, title, children, isAnswer = false }: NoticeProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isAnswer) box.current?.focus()
  }, [isAnswer, title])
  return (
    <div
      ref={box}
      role={isAnswer ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      tabIndex={isAnswer ? -1 : undefined}
      className={`rounded-md border-l-4 px-4 py-3 outline-none ${tones[tone]}`}
    >
      <p className="font-semibold wrap-anywhere">{title}</p>
      {children && <div className="mt-1 grid gap-3 text-sm">{children}</div>}
    </div>
  )
}
