import ts from 'typescript'
import type { SourceFile } from './source-tree.ts'
import { moduleNamedBy, nodesOf, resolveFrom, syntaxOf } from './syntax.ts'

/** Stands for every name of a file: whoever imports it whole may use any. */
const everything = '*'

const ofRoute = [
  'default',
  'loader',
  'action',
  'meta',
  'links',
  'headers',
  'shouldRevalidate',
  'ErrorBoundary',
]
/** What Remix, Vite, ESLint and Playwright call by its name, without an import of ours. */
const calledFromOutside: { path: RegExp; names: string[] }[] = [
  { path: /^app\/routes\/([^/]+|[^/]+\/route)\.tsx?$/, names: ofRoute },
  { path: /^app\/root\.tsx$/, names: [...ofRoute, 'Layout'] },
  { path: /^app\/entry\.server\.tsx$/, names: ['default', 'handleError', 'streamTimeout'] },
  { path: /\.config\.[jt]s$/, names: ['default'] },
]

/** Exports that no file imports, as `path: name`; a test that does is somebody. */
export function unusedExports(code: SourceFile[]): string[] {
  const trees = code.map((file) => ({ path: file.path, nodes: nodesOf(syntaxOf(file)) }))
  const used = new Set(trees.flatMap(({ path, nodes }) => nodes.flatMap((it) => usedBy(path, it))))
  return trees.flatMap(({ path, nodes }) => {
    if (used.has(`${path}: ${everything}`)) return []
    const outside = calledFromOutside.flatMap((it) => (it.path.test(path) ? it.names : []))
    const names = nodes.flatMap(exportedBy).filter((name) => !outside.includes(name))
    return names.map((name) => `${path}: ${name}`).filter((name) => !used.has(name))
  })
}

/** The names that a statement makes known outside of its file. */
function exportedBy(node: ts.Node): string[] {
  if (ts.isExportAssignment(node)) return ['default']
  if (ts.isExportSpecifier(node)) return [node.name.text]
  if (!ts.canHaveModifiers(node)) return []
  const marks = ts.getModifiers(node)?.map(({ kind }) => kind) ?? []
  if (!marks.includes(ts.SyntaxKind.ExportKeyword)) return []
  if (marks.includes(ts.SyntaxKind.DefaultKeyword)) return ['default']
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.flatMap(({ name }) => namesIn(name))
  }
  const { name } = node as ts.FunctionDeclaration
  return name ? [name.text] : []
}

function namesIn(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((it) => (ts.isBindingElement(it) ? namesIn(it.name) : []))
}

/** What a node of the file at `path` takes from another file, as `path: name`. */
function usedBy(path: string, node: ts.Node): string[] {
  const module = moduleNamedBy(node)
  if (!module?.startsWith('.')) return []
  return namesTaken(node).map((name) => `${resolveFrom(path, module)}: ${name}`)
}

function namesTaken(node: ts.Node): string[] {
  if (ts.isImportDeclaration(node)) {
    const { name, namedBindings } = node.importClause ?? {}
    const one = name ? ['default'] : []
    if (!namedBindings) return one
    if (ts.isNamespaceImport(namedBindings)) return [everything]
    return [...one, ...namedBindings.elements.map(nameThere)]
  }
  if (ts.isExportDeclaration(node)) {
    const { exportClause } = node
    if (!exportClause || !ts.isNamedExports(exportClause)) return [everything]
    return exportClause.elements.map(nameThere)
  }
  if (ts.isImportTypeNode(node) && node.qualifier) return [node.qualifier.getText()]
  return [everything]
}

/** The name that an import or a re-export has in the file it is taken from. */
const nameThere = ({ name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier) =>
  (propertyName ?? name).text
