import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import type { Plugin } from 'vite'

/** Lists of a build, a package a line. They begin with a dot, as what a release leaves out does. */
const listOf = (side: string) => join('build', `.bundled-${side}`)
const sides = ['client', 'server']

/** The package that a module is from, by its path from here; undefined where it is ours. */
function packageOf(id: string): string | undefined {
  const [path = ''] = id.replace('\0', '').split('?')
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(relative('.', path))?.[0]
}

/** Writes down which packages a build of the pages has in it: their licences go with a release. */
export const listBundled = (): Plugin => ({
  name: 'list-bundled',
  apply: 'build',
  writeBundle({ dir = '' }, files) {
    const ids = Object.values(files).flatMap((it) => (it.type === 'chunk' ? it.moduleIds : []))
    const paths = ids.map(packageOf).filter((path) => path !== undefined)
    writeFileSync(listOf(basename(dir)), [...new Set(paths)].sort().join('\n'))
  },
})

/** The packages that are in the pages of the build that is here, by their paths. */
export function readBundled(): string[] {
  const lists = sides.flatMap((side) => readFileSync(listOf(side), 'utf8').split('\n'))
  return [...new Set(lists)].filter(Boolean).sort()
}
