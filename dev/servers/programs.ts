import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { programFolders } from '../command/environment.ts'

/** The full path of a program, or undefined when this machine does not have it. */
export function findProgram(
  name: string,
  folders: readonly string[] = programFolders(),
): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Where Debian puts what programs load by a path of its own. */
const libraryFolders = ['/usr/lib', '/usr/lib/galera', '/usr/lib64/galera']

/** The full path of a library that a server loads by its path, or undefined. */
export const findLibrary = (name: string): string | undefined =>
  libraryFolders.map((folder) => join(folder, name)).find((path) => existsSync(path))

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
