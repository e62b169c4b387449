/** @module A new password, typed twice, with advice while it is typed. The server decides what is accepted. */
import { PasswordInput, Progress, Stack, Text } from '@mantine/core'
import { advisePassword } from '../ui/format.js'

interface NewPasswordProps {
  user: string
  value: string
  repeated: string
  onChange: (value: string) => void
  onRepeat: (value: string) => void
  autoFocus?: boolean
}

export function NewPassword({
  user,
  value,
  repeated,
  onChange,
  onRepeat,
  autoFocus = false,
}: NewPasswordProps) {
  const { share, advice } = advisePassword(value, user)
  const differ = repeated !== '' && repeated !== value
  return (
    <Stack gap="sm">
      <div>
        {/* Password managers file the new password under this name. */}
        <input type="text" name="username" autoComplete="username" value={user} readOnly hidden />
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
          required
          withAsterisk={false}
          autoFocus={autoFocus}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the new password' }}
        />
        <Progress
          value={value === '' ? 0 : share}
          size={4}
          mt={6}
          aria-label="Strength of the new password"
        />
        <Text size="xs" c="dimmed" mt={4} aria-live="polite">
          {value === '' ? 'At least 12 characters; several words in a row work well.' : advice}
        </Text>
      </div>
      <PasswordInput
        label="New password again"
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => onRepeat(event.currentTarget.value)}
        required
        withAsterisk={false}
        error={differ ? 'The two passwords differ.' : undefined}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the repeated password' }}
      />
    </Stack>
  )
}
