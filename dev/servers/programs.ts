import { accessSync, constants, statSync } from 'node:fs'
import { join } from 'node:path'

import { programFolders } from '../command/environment.ts'

/** The full path of a program, or undefined when this machine does not have it. */
export function findProgram(
  name: string,
  folders: readonly string[] = programFolders(),
): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
