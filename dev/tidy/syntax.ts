import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'

export function syntaxOf({ path, text }: SourceFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}

/** Every node at and below `node`, each before those that it holds. */
export function nodesOf(node: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const take = (it: ts.Node) => {
    nodes.push(it)
    ts.forEachChild(it, take)
  }
  take(node)
  return nodes
}

/** `path:line` of a node, as editors and terminals open it. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  return `${file.fileName}:${line + 1}`
}

/**
 * What a file takes from other files of the project, with paths from its root: imports at run time
 * and of types alone, what it passes on, and what it loads later.
 */
export function importsOf(file: SourceFile): string[] {
  const taken = nodesOf(syntaxOf(file)).flatMap((node) => moduleNamedBy(node) ?? [])
  const ours = taken.filter((specifier) => specifier.startsWith('.'))
  return [...new Set(ours.map((it) => resolveFrom(file.path, it)))]
}

/** The path from the project's root that `specifier`, written in the file at `path`, leads to. */
export function resolveFrom(path: string, specifier: string): string {
  return join(dirname(path), specifier.replace(/\?.*$/, ''))
}

/** The module that a node names, as it is written there. */
export function moduleNamedBy(node: ts.Node): string | undefined {
  const named = moduleNode(node)
  return named && ts.isStringLiteralLike(named) ? named.text : undefined
}

function moduleNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return node.argument.literal
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments[0]
  }
  return undefined
}
