/**
 * @module How the YAML editor looks and behaves, for CodeMirror. Colours are variables of the page, so light and dark
 * need no second theme. Tab indents; Escape and then Tab leaves, as the hint under the editor says.
 */
import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintGutter, lintKeymap, type Diagnostic } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension, type Text } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { DocumentProblem } from '../../api/contract.js'
import { styleNonce } from '../style-nonce.js'

const look = EditorView.theme({
  '&': { fontSize: '13px', backgroundColor: 'var(--gh-surface)', color: 'var(--mantine-color-text)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    lineHeight: '1.55',
    maxHeight: '68vh',
  },
  '.cm-content, .cm-gutter': { minHeight: '300px' },
  '.cm-content': { caretColor: 'var(--mantine-color-text)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--gh-rail)',
    color: 'var(--mantine-color-dimmed)',
    borderRight: '1px solid var(--gh-line)',
  },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--gh-hover) 55%, transparent)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--gh-hover)', color: 'var(--mantine-color-text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--gh-selected)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--gh-selected)' },
  '.cm-searchMatch': {
    backgroundColor: 'var(--gh-caution)',
    outline: '1px solid var(--mantine-color-dimmed)',
  },
  '.cm-panels': {
    backgroundColor: 'var(--gh-rail)',
    color: 'var(--mantine-color-text)',
    borderColor: 'var(--gh-line)',
  },
  '.cm-panel.cm-search': { padding: '8px' },
  '.cm-textfield': {
    backgroundColor: 'var(--gh-surface)',
    color: 'inherit',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: '4px',
  },
  '.cm-button': {
    backgroundImage: 'none',
    backgroundColor: 'var(--gh-surface)',
    color: 'inherit',
    border: '1px solid var(--mantine-color-default-border)',
    borderRadius: '4px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--gh-surface)',
    color: 'inherit',
    border: '1px solid var(--gh-line)',
    borderRadius: '4px',
  },
})

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--mantine-color-anchor)' },
  { tag: [tags.comment, tags.meta], color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: [tags.string, tags.attributeValue, tags.special(tags.string)], color: 'var(--mantine-color-text)' },
  { tag: [tags.punctuation, tags.separator, tags.brace], color: 'var(--mantine-color-dimmed)' },
])

export interface EditorOptions {
  /** What the text is, for those who cannot see it. */
  readonly label: string
  /** Id of the hint on keys. */
  readonly describedBy: string
  readonly readOnly: boolean
  readonly onChange: (text: string) => void
}

export function editorExtensions({ label, describedBy, readOnly, onChange }: EditorOptions): Extension[] {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    search({ top: true }),
    lintGutter(),
    yaml(),
    syntaxHighlighting(colours),
    look,
    EditorView.cspNonce.of(styleNonce),
    EditorView.lineWrapping,
    EditorState.readOnly.of(readOnly),
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': describedBy,
      ...(readOnly ? { 'aria-readonly': 'true' } : {}),
    }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...lintKeymap,
      ...(readOnly ? [] : [indentWithTab]),
    ]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString())
    }),
  ]
}

/** Marks whole lines: the server tells the line of a problem, and its words tell the rest. */
export function toDiagnostics(doc: Text, problems: readonly DocumentProblem[]): Diagnostic[] {
  return problems
    .filter(({ line }) => line !== undefined && line >= 1 && line <= doc.lines)
    .map(({ line, path, message }): Diagnostic => {
      const { from, to, text } = doc.line(line ?? 1)
      const indent = text.length - text.trimStart().length
      return {
        from: from + indent,
        to,
        severity: 'error',
        message: path === '' ? message : `${path}: ${message}`,
      }
    })
    .sort((a, b) => a.from - b.from)
}
