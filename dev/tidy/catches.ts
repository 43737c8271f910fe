import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from './syntax.ts'

/**
 * The places of a file where a failure is taken and heard of no more: a `catch` clause, a `.catch`
 * or the second handler of a `.then` that can end without throwing, without answering a value, and
 * without handing the failure on or noting it. A handler of a promise may say in a comment on the
 * line before why there is nothing to say; a clause may not.
 */
export function silencesIn(file: SourceFile): string[] {
  return nodesOf(syntaxOf(file)).flatMap((node) => {
    if (ts.isCatchClause(node)) return isHeard(node.block, namesIn(node)) ? [] : [placeOf(node)]
    const handler = ts.isCallExpression(node) ? handlerOf(node) : undefined
    if (!handler || isHeardBy(handler) || hasReason(file, handler)) return []
    return [placeOf(handler)]
  })
}

const namesIn = ({ variableDeclaration }: ts.CatchClause) =>
  new Set(variableDeclaration ? identifiersIn(variableDeclaration.name) : [])

const identifiersIn = (node: ts.Node) =>
  nodesOf(node).flatMap((it) => (ts.isIdentifier(it) ? [it.text] : []))

/** What a call does with a promise that fails. */
function handlerOf(call: ts.CallExpression): ts.Expression | undefined {
  if (!ts.isPropertyAccessExpression(call.expression)) return undefined
  const { text } = call.expression.name
  if (text === 'catch') return call.arguments[0]
  return text === 'then' ? call.arguments[1] : undefined
}

/** What is no function of this file has been handed in, and answers for itself. */
function isHeardBy(handler: ts.Expression): boolean {
  const made = ts.isIdentifier(handler) ? functionCalled(handler) : handler
  if (!made || !(ts.isArrowFunction(made) || ts.isFunctionExpression(made))) return true
  const names = new Set(made.parameters.flatMap(({ name }) => identifiersIn(name)))
  return ts.isBlock(made.body)
    ? isHeard(made.body, names, isSomething)
    : handsOn(made.body, names) || isSomething(made.body)
}

function functionCalled({ text, ...node }: ts.Identifier): ts.Node | undefined {
  let file: ts.Node = node.parent
  while (file.parent) file = file.parent
  const made = nodesOf(file).find(
    (it) => ts.isVariableDeclaration(it) && ts.isIdentifier(it.name) && it.name.text === text,
  )
  return made && ts.isVariableDeclaration(made) ? made.initializer : undefined
}

type Answers = (value: ts.Expression) => boolean

/** A clause that answers `undefined` says so in its function's type; a promise's handler hides it. */
const isSomething: Answers = (value) =>
  ts.isStringLiteralLike(value) ||
  ts.isNumericLiteral(value) ||
  ts.isTemplateExpression(value) ||
  ts.isObjectLiteralExpression(value) ||
  ts.isArrayLiteralExpression(value) ||
  ts.isNewExpression(value) ||
  value.kind === ts.SyntaxKind.TrueKeyword ||
  value.kind === ts.SyntaxKind.FalseKeyword ||
  (ts.isIdentifier(value) && value.text !== 'undefined') ||
  (ts.isParenthesizedExpression(value) && isSomething(value.expression))

/** Whether nothing gets to the end of these statements without the failure having been heard. */
function isHeard(
  { statements }: ts.Block,
  given: ReadonlySet<string>,
  answers: Answers = () => true,
): boolean {
  // What is made of the failure stands for it.
  const names = new Set(given)
  const hears = (statement: ts.Statement): boolean => {
    if (ts.isThrowStatement(statement)) return true
    if (ts.isReturnStatement(statement)) {
      const { expression } = statement
      return expression !== undefined && (answers(expression) || handsOn(expression, names))
    }
    if (ts.isExpressionStatement(statement)) return handsOn(statement.expression, names)
    if (ts.isBlock(statement)) return isHeard(statement, names, answers)
    if (ts.isIfStatement(statement)) {
      const { thenStatement, elseStatement } = statement
      return elseStatement !== undefined && hears(thenStatement) && hears(elseStatement)
    }
    if (ts.isTryStatement(statement)) {
      const { tryBlock, finallyBlock } = statement
      return (
        isHeard(tryBlock, names, answers) ||
        (finallyBlock !== undefined && isHeard(finallyBlock, names, answers))
      )
    }
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations)
        if (initializer && mentions(initializer, names))
          identifiersIn(name).forEach((made) => names.add(made))
    }
    return false
  }
  return statements.some(hears)
}

const mentions = (node: ts.Node, names: ReadonlySet<string>) =>
  identifiersIn(node).some((name) => names.has(name))

const noting = /^(failed|error|warn|info|debug)$/

/** Whether an expression gives the failure to somebody, keeps it, or writes a line of the log. */
const handsOn = (expression: ts.Expression, names: ReadonlySet<string>): boolean =>
  nodesOf(expression).some((node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node))
      return notes(node) || (node.arguments ?? []).some((given) => mentions(given, names))
    return (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      mentions(node.right, names)
    )
  })

function notes({ expression }: ts.CallExpression | ts.NewExpression): boolean {
  if (!ts.isPropertyAccessExpression(expression)) return false
  const { name, expression: whose } = expression
  return noting.test(name.text) && /(^|\.)log$/.test(whose.getText())
}

/** Whether the line before a handler's, or before its statement, is the end of a comment. */
function hasReason({ lines }: SourceFile, handler: ts.Node): boolean {
  let statement: ts.Node = handler
  while (!ts.isStatement(statement) && statement.parent) statement = statement.parent
  return [handler, statement].some((node) => {
    const { line } = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart())
    return /^\s*(\/\/|\*\/|\/\*)/.test(lines[line - 1] ?? '')
  })
}
