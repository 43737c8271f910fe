import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from './syntax.ts'

/** What fits on a screen can be read without scrolling. */
export const functionLinesMax = 70

/** Functions longer than that, by their place. A `describe` holds tests, as a file does. */
export function longFunctions(file: SourceFile): string[] {
  const functions = nodesOf(syntaxOf(file)).filter(
    (node) => ts.isFunctionLike(node) && !isDescribed(node),
  )
  return functions.flatMap((node) => {
    const lines = linesOf(node)
    return lines > functionLinesMax ? [`${placeOf(node)} has ${lines} lines`] : []
  })
}

function linesOf(node: ts.Node): number {
  const file = node.getSourceFile()
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line
  return lineAt(node.getEnd()) - lineAt(node.getStart()) + 1
}

function isDescribed({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && parent.expression.getText() === 'describe'
}
