import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { nodesOf, syntaxOf } from './syntax.ts'

const commentLine = /^\s*(\/\/|\/\*|\*)/
const commentAtEnd = /\s\/\/ /

/**
 * Lines on which a `!` says that something is there, and no comment says why: one on that line, or
 * one above it, which is good for all such lines that follow without another between.
 */
export function unexplainedNonNulls(file: SourceFile): string[] {
  const tree = syntaxOf(file)
  const marks = nodesOf(tree).filter(ts.isNonNullExpression)
  // Where the mark itself stands: what it is said of may have begun on a line further up.
  const marked = new Set(
    marks.map((mark) => tree.getLineAndCharacterOfPosition(mark.getEnd() - 1).line),
  )
  const lineAt = (at: number) => file.lines[at] ?? ''
  const isExplained = (at: number): boolean => {
    if (commentAtEnd.test(lineAt(at)) || commentLine.test(lineAt(at - 1))) return true
    return marked.has(at - 1) && isExplained(at - 1)
  }
  return [...marked].filter((at) => !isExplained(at)).map((at) => `${file.path}:${at + 1}`)
}
