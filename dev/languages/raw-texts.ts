import ts from 'typescript'
import type { SourceFile } from '../tidy/source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from '../tidy/syntax.ts'

/** Elements and tags whose texts are found by `npm run texts`, and those whose texts are code. */
const translatedElements = new Set(['Trans', 'Plural', 'Select', 'SelectOrdinal'])
const codeElements = new Set(['code', 'pre', 'kbd'])
const translatedTags = new Set(['msg', 't'])

/** Attributes that no person reads, whatever they hold. */
const attributesForPrograms =
  /^(className|d|viewBox|href|src|rel|type|method|action|key|id|htmlFor|media|inputMode|autoComplete|role|lang|property|content|strokeLine\w+|fill|stroke|points|transform|encType|pattern|form\w*|data-[\w-]+)$/

/** Names of makers, programs and the like, which are the same in every language. */
const names = new Set(
  [
    'AI API Relay, AI SDK, Anthropic, Claude Code, Cline, Codex, Continue, Cursor, GitHub, Google',
    'LibreChat, Node, Open WebUI, OpenAI, Python, Stripe',
    'Chrome, Edge, Firefox, Opera, Safari',
    'Android, ChromeOS, iOS, Linux, macOS, Windows',
  ].flatMap((line) => line.split(', ')),
)

const hasLetter = (text: string) => /\p{L}/u.test(text)
const isName = (text: string) => names.has(text.trim().replace(/[:,.]$/, ''))

/** What a list of classes has that sentences have not. */
const styling =
  /^-?(m[xytblre]?|p[xytblre]?|w|h|min|max|text|bg|border|divide|rounded|flex|grid|gap|col|row|items|justify|self|font|leading|tracking|size|sm|md|lg|hover|focus|print|aria|before|after|inline|overflow|whitespace|underline|decoration|tabular|outline|cursor|fill|stroke|shadow|accent|align|top|left|right|bottom|inset|z|opacity|order|space|list|wrap|break|sr|not|group|peer|transition|disabled|placeholder)[-:[]/

/** Whether a string is for people: it begins as a sentence does, or has words one after the other. */
function readsLikeText(text: string): boolean {
  const trimmed = text.trim()
  if (isName(trimmed)) return false
  if (/^\p{Lu}\p{Ll}+(?![\w/-])/u.test(trimmed)) return true
  const words = trimmed.split(/\s+/)
  const isPlain = (word: string) => /^[“(‘]?\p{L}[\p{L}’'-]*[”’),.:;?!…]*$/u.test(word)
  const isOfClasses = words.some((word) => styling.test(word))
  return words.length > 1 && !isOfClasses && words.filter(isPlain).length > words.length / 2
}

const nameOfElement = (node: ts.Node): string | undefined =>
  ts.isJsxElement(node)
    ? node.openingElement.tagName.getText()
    : ts.isJsxSelfClosingElement(node)
      ? node.tagName.getText()
      : undefined

/** Whether what holds a string says that it is no text, or one that has its translation. */
function isAccountedFor(holder: ts.Node, held: ts.Node): boolean {
  const element = nameOfElement(holder)
  if (element !== undefined) return translatedElements.has(element) || codeElements.has(element)
  if (ts.isTaggedTemplateExpression(holder)) return translatedTags.has(holder.tag.getText())
  if (ts.isJsxAttribute(holder)) return attributesForPrograms.test(holder.name.getText())
  if (ts.isNewExpression(holder))
    return /Error$|^(RegExp|URL|Intl\.)/.test(holder.expression.getText())
  if (ts.isElementAccessExpression(holder)) return holder.argumentExpression === held
  if (ts.isPropertyAssignment(holder)) return holder.name === held
  // `t({ message: 'Open', context: 'verb' })`
  if (ts.isCallExpression(holder) && ts.isObjectLiteralExpression(held))
    return translatedTags.has(holder.expression.getText())
  return (
    ts.isTypeNode(holder) ||
    ts.isImportDeclaration(holder) ||
    ts.isExportDeclaration(holder) ||
    ts.isCaseClause(holder) ||
    (ts.isBinaryExpression(holder) && /^[!=]==?$/.test(holder.operatorToken.getText()))
  )
}

/** Where a string stands: within JSX that is shown, or elsewhere; undefined where it is no text. */
function standing(node: ts.Node): 'shown' | 'elsewhere' | undefined {
  let isShown = false
  let isCut = false
  for (let at = node; at.parent; at = at.parent) {
    const holder = at.parent
    if (isAccountedFor(holder, at)) return undefined
    // An argument, a member, a function: what becomes of it is theirs to say.
    if (ts.isCallExpression(holder) || ts.isObjectLiteralExpression(holder)) isCut = true
    if (ts.isJsxAttribute(holder)) isCut = true
    if (ts.isJsxExpression(holder) && !isCut && !ts.isJsxAttribute(holder.parent)) isShown = true
  }
  return isShown ? 'shown' : 'elsewhere'
}

const isPieceOfText = (
  node: ts.Node,
): node is ts.StringLiteralLike | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddle(node) ||
  ts.isTemplateTail(node)

/** Texts for people that a source has in one language alone, as `path:line text`. */
export function rawTexts(file: SourceFile): string[] {
  return nodesOf(syntaxOf(file)).flatMap((node) => {
    const text = ts.isJsxText(node) || isPieceOfText(node) ? node.text : ''
    if (!hasLetter(text)) return []
    const where = standing(node)
    const isRaw = ts.isJsxText(node) || where === 'shown' ? !isName(text) : readsLikeText(text)
    return where !== undefined && isRaw ? [`${placeOf(node)} ${text.trim().slice(0, 60)}`] : []
  })
}
