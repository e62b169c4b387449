/** @module The six-digit code of an authenticator app, as browsers and password managers know to fill it. */
import { TextInput } from '@mantine/core'

interface CodeFieldProps {
  value: string
  onChange: (code: string) => void
  label?: string
  description?: string
  autoFocus?: boolean
}

export function CodeField({
  value,
  onChange,
  label = 'Code',
  description,
  autoFocus = false,
}: CodeFieldProps) {
  return (
    <TextInput
      className="gh-code"
      label={label}
      description={description ?? 'Six digits from your authenticator app.'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replaceAll(/\D/g, '').slice(0, 6))}
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="[0-9]{6}"
      title="six digits"
      maxLength={11}
      required
      withAsterisk={false}
      autoFocus={autoFocus}
      // For the dialogs that it stands in, which take the focus themselves.
      data-autofocus={autoFocus || undefined}
      w={220}
    />
  )
}
