/**
 * Reads source files as syntax trees: what a file imports and how, which names it uses, what it exports. The
 * architecture test judges these facts; it never searches text, so a comment or a string cannot mislead it.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Import {
  readonly specifier: string
  /** Nothing of it is left after compilation. */
  readonly typeOnly: boolean
  /** Loaded only when the program gets there: `import(...)`. */
  readonly lazy: boolean
  readonly line: number
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly file: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
}

export function parseSource(file: string, text: string): SourceFile {
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true, kind)
  return { file, text, tree, imports: importsOf(tree) }
}

/** All TypeScript files under a folder of the repository. */
export function readSources(folder: string): SourceFile[] {
  return filesUnder(folder)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => parseSource(file, readFileSync(path.join(root, file), 'utf8')))
}

/** All files under a folder of the repository, from its root, sorted. */
export function filesUnder(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort()
}

export function lineOf(node: ts.Node): number {
  const tree = node.getSourceFile()
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

/** Calls `visit` for every node of the tree. */
export function walk(tree: ts.Node, visit: (node: ts.Node) => void): void {
  visit(tree)
  ts.forEachChild(tree, (child) => walk(child, visit))
}

function importsOf(tree: ts.SourceFile): Import[] {
  const imports: Import[] = []
  const add = (node: ts.Node | undefined, typeOnly: boolean, lazy = false): void => {
    if (node && ts.isStringLiteralLike(node))
      imports.push({ specifier: node.text, typeOnly, lazy, line: lineOf(node) })
  }
  walk(tree, (node) => {
    if (ts.isImportDeclaration(node)) {
      // With verbatimModuleSyntax only `import type` disappears; `import { type A }` still loads the module.
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    } else if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly)
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    } else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node.moduleReference.expression, node.isTypeOnly)
    } else if (ts.isCallExpression(node)) {
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require'
      const isLazy = node.expression.kind === ts.SyntaxKind.ImportKeyword
      if (isRequire || isLazy) add(node.arguments[0], false, isLazy)
    }
  })
  return imports
}

/** Names that the file uses as values and does not get from a property: `Date` but not `x.Date`. */
export function namesUsed(tree: ts.SourceFile): { readonly name: string; readonly line: number }[] {
  const names: { name: string; line: number }[] = []
  walk(tree, (node) => {
    if (!ts.isIdentifier(node)) return
    const { parent } = node
    const isProperty =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      (ts.isPropertyAssignment(parent) && parent.name === node) ||
      (ts.isPropertySignature(parent) && parent.name === node) ||
      (ts.isPropertyDeclaration(parent) && parent.name === node) ||
      (ts.isMethodDeclaration(parent) && parent.name === node) ||
      (ts.isMethodSignature(parent) && parent.name === node) ||
      (ts.isBindingElement(parent) && parent.propertyName === node) ||
      ts.isTypeReferenceNode(parent)
    if (!isProperty) names.push({ name: node.text, line: lineOf(node) })
  })
  return names
}

/** Uses of `object.property`, whatever brackets or optional chains are around. */
export function propertiesUsed(tree: ts.SourceFile): { readonly name: string; readonly line: number }[] {
  const found: { name: string; line: number }[] = []
  walk(tree, (node) => {
    if (ts.isPropertyAccessExpression(node)) {
      found.push({ name: `${node.expression.getText(tree)}.${node.name.text}`, line: lineOf(node) })
    } else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
      found.push({
        name: `${node.expression.getText(tree)}.${node.argumentExpression.text}`,
        line: lineOf(node),
      })
    }
  })
  return found
}

/** Texts of string literals and templates without holes. */
export function literalsOf(tree: ts.SourceFile): string[] {
  const literals: string[] = []
  walk(tree, (node) => {
    if (ts.isStringLiteralLike(node)) literals.push(node.text)
    else if (ts.isIdentifier(node) && /^GATEHOUSE_/.test(node.text)) literals.push(node.text)
  })
  return literals
}

/** All comments of a file. */
export function commentsOf({ text, file }: SourceFile): { readonly text: string; readonly line: number }[] {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true)
  const ranges = new Map<number, ts.CommentRange>()
  const visit = (node: ts.Node): void => {
    // Before each token, the compiler splits comments into those on the previous token's line and the rest.
    const found = [ts.getTrailingCommentRanges, ts.getLeadingCommentRanges].flatMap(
      (read) => read(text, node.getFullStart()) ?? [],
    )
    for (const range of found) ranges.set(range.pos, range)
    for (const child of node.getChildren(tree)) visit(child)
  }
  visit(tree)
  return [...ranges.values()].map((range) => ({
    text: text.slice(range.pos, range.end),
    line: tree.getLineAndCharacterOfPosition(range.pos).line + 1,
  }))
}
