import { ButtonLink } from './button.tsx'

/** To the pages beside this one, where there are any. */
export const Pager = ({
  newest,
  newer,
  older,
}: Record<'newest' | 'newer' | 'older', string | null>) =>
  newer || older ? (
    <nav aria-label="More pages" className="flex flex-wrap gap-3 px-4 py-4 sm:px-6 print:hidden">
      {newest && (
        <ButtonLink look="secondary" to={newest}>
          Newest
        </ButtonLink>
      )}
      {newer && (
        <ButtonLink look="secondary" to={newer}>
          ← Newer
        </ButtonLink>
      )}
      {older && (
        <ButtonLink look="secondary" to={older}>
          Older →
        </ButtonLink>
      )}
    </nav>
  ) : null
