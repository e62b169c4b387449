/**
 * @module The text field for YAML: CodeMirror in a React component, loaded when it is first needed. It knows
 * nothing of resources; text and problems come from outside, changes go there.
 */
import { setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { Text } from '@mantine/core'
import { useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, type Ref } from 'react'
import type { DocumentProblem } from '../../api/contract.js'
import { editorExtensions, toDiagnostics } from './yaml-setup.js'

export interface YamlEditorHandle {
  /** Puts the cursor at the start of a line and the focus into the editor. */
  goTo(line: number): void
}

interface YamlEditorProps {
  label: string
  text: string
  onChange?: ((text: string) => void) | undefined
  readOnly?: boolean
  problems?: readonly DocumentProblem[] | undefined
  ref?: Ref<YamlEditorHandle>
}

const none: readonly DocumentProblem[] = []

export function YamlEditor({
  label,
  text,
  onChange,
  readOnly = false,
  problems = none,
  ref,
}: YamlEditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const hint = useId()
  const latest = useRef({ onChange, text })
  useLayoutEffect(() => {
    latest.current = { onChange, text }
  })
  // Before paint, so that the handle below can be used as soon as it is given out.
  useLayoutEffect(() => {
    if (!host.current) return
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: editorExtensions({
          label,
          describedBy: hint,
          readOnly,
          onChange: (changed) => latest.current.onChange?.(changed),
        }),
      }),
    })
    view.current = editor
    return () => {
      editor.destroy()
      view.current = undefined
    }
  }, [label, hint, readOnly])
  useEffect(() => {
    const editor = view.current
    // Replaced as one change, so that undo brings back what was typed.
    if (editor && editor.state.doc.toString() !== text)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } })
  }, [text])
  useEffect(() => {
    const editor = view.current
    if (editor) editor.dispatch(setDiagnostics(editor.state, toDiagnostics(editor.state.doc, problems)))
  }, [problems])
  useImperativeHandle(ref, () => ({
    goTo: (line) => {
      const editor = view.current
      if (!editor) return
      const { from } = editor.state.doc.line(Math.min(Math.max(line, 1), editor.state.doc.lines))
      editor.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      })
      editor.focus()
    },
  }))
  return (
    <div>
      <div ref={host} className="gh-editor" data-read-only={readOnly} />
      <Text id={hint} size="xs" c="dimmed" mt={4}>
        {readOnly
          ? 'Read only. Ctrl F or ⌘ F searches.'
          : 'Tab indents; press Escape and then Tab to leave the editor. Ctrl F or ⌘ F searches.'}
      </Text>
    </div>
  )
}
