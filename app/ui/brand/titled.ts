import type { MessageDescriptor } from '@lingui/core'
import type { MetaDescriptor, MetaFunction } from '@remix-run/react'
import type { Language } from '../../values/language/languages.ts'
import { usualName } from '../../values/site/usual-name.ts'
import { speakerOf } from '../language/speakers.ts'

type Matches = Parameters<MetaFunction>[0]['matches']
/** A name that is the same in every language, or a text. */
type Title = string | MessageDescriptor

type Frame = { brand?: { name: string }; language?: Language }

/** Whose relay it is and in which language, as the frame around every page knows it. */
const frameIn = (matches: Matches) => (matches.find(({ id }) => id === 'root')?.data ?? {}) as Frame

/** What a browser, and whoever is sent a link, is told of a page; null for the first one. */
export function titleTags(matches: Matches, titled: Title | null, about?: Title): MetaDescriptor[] {
  const { brand, language = 'en' } = frameIn(matches)
  const say = (text: Title) => (typeof text === 'string' ? text : speakerOf(language)._(text))
  const name = brand?.name ?? usualName
  const text = titled === null ? null : say(titled)
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
    { name: 'description', content: say(about) },
    { property: 'og:description', content: say(about) },
  ]
}

/** The same for a page that is always called so. */
export const titled =
  (text: Title | null, about?: Title): MetaFunction =>
  ({ matches }) =>
    titleTags(matches, text, about)
