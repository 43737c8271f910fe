import type { MetaDescriptor, MetaFunction } from '@remix-run/react'
import { usualName } from '../../values/site/usual-name.ts'

type Matches = Parameters<MetaFunction>[0]['matches']

/** Whose relay it is, as the frame around every page knows it. */
const nameIn = (matches: Matches): string => {
  const frame = matches.find(({ id }) => id === 'root')?.data as { brand?: { name: string } } | null
  return frame?.brand?.name ?? usualName
}

/** What a browser, and whoever is sent a link, is told of a page; null for the first one. */
export function titleTags(matches: Matches, text: string | null, about?: string): MetaDescriptor[] {
  const name = nameIn(matches)
  const title = text === null ? name : `${text} · ${name}`
  const tags: MetaDescriptor[] = [
    { title },
    { property: 'og:title', content: text ?? name },
    { property: 'og:site_name', content: name },
    { property: 'og:type', content: 'website' },
  ]
  if (about === undefined) return tags
  return [
    ...tags,
    { name: 'description', content: about },
    { property: 'og:description', content: about },
  ]
}

/** The same for a page that is always called so. */
export const titled =
  (text: string | null, about?: string): MetaFunction =>
  ({ matches }) =>
    titleTags(matches, text, about)
