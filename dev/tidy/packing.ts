import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from './syntax.ts'

/**
 * Literals spread into literals, by their place. They say nothing that plain members would not, and
 * only keep the formatter from giving each a line.
 */
export function packedMembers(file: SourceFile): string[] {
  return nodesOf(syntaxOf(file)).filter(isPacked).map(placeOf)
}

function isPacked(node: ts.Node): boolean {
  if (ts.isSpreadAssignment(node)) return ts.isObjectLiteralExpression(node.expression)
  return ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.expression)
}
