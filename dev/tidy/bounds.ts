import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { placeOf, syntaxOf } from './syntax.ts'

/** How bounds and waits are named: the unit and the kind of bound come last. */
const boundName =
  /(Max|Min|Least|Few|Usual|AtOnce|Ahead|Kept|Rows|Chars|Bytes|Seconds|Minutes|Hours|[a-z]Ms)$/

/** Bounds that a file of app/ has at its top, as `path:line name`. They belong into limits.ts. */
export function strayBounds(file: SourceFile): string[] {
  const declared = syntaxOf(file).statements.flatMap((statement) =>
    ts.isVariableStatement(statement) ? statement.declarationList.declarations : [],
  )
  const strays = declared.filter(
    ({ name, initializer }) =>
      boundName.test(name.getText()) && initializer && isNumber(initializer),
  )
  return strays.map((stray) => `${placeOf(stray)} ${stray.name.getText()}`)
}

/** A number as it is written, or a sum of such. */
function isNumber(node: ts.Expression): boolean {
  if (ts.isNumericLiteral(node) || ts.isBigIntLiteral(node)) return true
  if (ts.isParenthesizedExpression(node)) return isNumber(node.expression)
  return ts.isBinaryExpression(node) && isNumber(node.left) && isNumber(node.right)
}
