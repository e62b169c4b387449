/** @module Options of a role: how long a session lasts, and what a person must prove. */
import { NativeSelect, TextInput } from '@mantine/core'
import type { RoleFields } from './role-fields.js'

interface RoleOptionsProps {
  fields: RoleFields
  onOption: (name: string, value: string) => void
  onSaml: (enabled: boolean | undefined) => void
}

const mfaModes = [
  { value: '', label: 'as it is elsewhere (off)' },
  { value: 'off', label: 'off' },
  { value: 'session', label: 'a fresh code each time' },
  { value: 'hardware_key', label: 'a hardware key' },
  { value: 'hardware_key_touch', label: 'a hardware key and a touch' },
  { value: 'hardware_key_pin', label: 'a hardware key and its PIN' },
  { value: 'hardware_key_touch_and_pin', label: 'a hardware key, a touch and its PIN' },
]
const deviceModes = [
  { value: '', label: 'as it is elsewhere (off)' },
  { value: 'off', label: 'off' },
  { value: 'optional', label: 'optional' },
  { value: 'required', label: 'required' },
  { value: 'required-for-humans', label: 'required for people' },
]

export function RoleOptions({ fields, onOption, onSaml }: RoleOptionsProps) {
  const { options, version } = fields
  const saysSaml = options.samlEnabled !== undefined
  return (
    <div className="gh-fields">
      <TextInput
        label="Longest session"
        description="A duration such as 8h or 90m; the shortest of a person's roles counts."
        placeholder="30h, at most what the cluster says"
        value={options.maxSessionTtl}
        onChange={(event) => onOption('max_session_ttl', event.currentTarget.value)}
      />
      <TextInput
        label="End idle sessions after"
        description="A duration, or never."
        placeholder="a quarter of the session"
        value={options.clientIdleTimeout}
        onChange={(event) => onOption('client_idle_timeout', event.currentTarget.value)}
      />
      <NativeSelect
        label="Second factor for applications and decisions"
        description="At sign-in to applications, and for decisions on access requests that the role allows."
        data={mfaModes}
        value={toMfaMode(options.requireSessionMfa)}
        onChange={(event) => onOption('require_session_mfa', event.currentTarget.value)}
      />
      <NativeSelect
        label="Trusted device"
        data={deviceModes}
        value={options.deviceTrustMode === 'false' ? 'off' : options.deviceTrustMode}
        onChange={(event) => onOption('device_trust_mode', event.currentTarget.value)}
      />
      {version !== 'v8' || saysSaml ? (
        <NativeSelect
          label="Sign-in to applications (up to v7)"
          description="In v8 the application labels say this instead."
          data={[
            { value: '', label: 'as by default (on)' },
            { value: 'true', label: 'on' },
            { value: 'false', label: 'off' },
          ]}
          value={saysSaml ? String(options.samlEnabled) : ''}
          onChange={({ currentTarget: { value } }) => onSaml(value === '' ? undefined : value === 'true')}
        />
      ) : null}
    </div>
  )
}

/** The other ways to write the two simple modes. */
function toMfaMode(text: string): string {
  if (['true', 'yes', 'on'].includes(text)) return 'session'
  return ['false', 'no'].includes(text) ? 'off' : text
}
