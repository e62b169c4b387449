/** @module The few icons of the page, drawn here so that none is loaded. They decorate: words carry the meaning. */
import type { ReactNode } from 'react'

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
      style={{ flexShrink: 0 }}
    >
      {children}
    </svg>
  )
}

export function MarkIcon({ size = 20 }: { size?: number }) {
  return (
    <Icon size={size}>
      <path d="M5 20v-9a7 7 0 0 1 14 0v9M5 14h14M12 4v16M3 20h18" />
    </Icon>
  )
}
export const ResourcesIcon = () => (
  <Icon>
    <path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z" />
  </Icon>
)
export const UsersIcon = () => (
  <Icon>
    <circle cx="9" cy="8" r="3.5" />
    <path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8" />
  </Icon>
)
export const RolesIcon = () => (
  <Icon>
    <path d="M12 3l7.5 3v5.5c0 4.6-3.1 7.9-7.5 9.5-4.4-1.6-7.5-4.9-7.5-9.5V6zM9 12l2.2 2.2L15.2 10" />
  </Icon>
)
export const ConfigurationIcon = () => (
  <Icon>
    <path d="M8 4H6.5A1.5 1.5 0 0 0 5 5.5V10l-2 2 2 2v4.5A1.5 1.5 0 0 0 6.5 20H8M16 4h1.5A1.5 1.5 0 0 1 19 5.5V10l2 2-2 2v4.5a1.5 1.5 0 0 1-1.5 1.5H16" />
  </Icon>
)
export const AuditIcon = () => (
  <Icon>
    <path d="M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7" />
  </Icon>
)
export const SettingsIcon = () => (
  <Icon>
    <path d="M4 7h9M17 7h3M4 17h3M11 17h9" />
    <circle cx="15" cy="7" r="2" />
    <circle cx="9" cy="17" r="2" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon>
    <circle cx="11" cy="11" r="6.5" />
    <path d="m20 20-4.3-4.3" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <path d="M9 9h11v11H9zM5 15H4V4h11v1" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon>
    <path d="m5 12.5 4.5 4.5L19 7.5" />
  </Icon>
)
export const CrossIcon = () => (
  <Icon>
    <path d="M6 6l12 12M18 6 6 18" />
  </Icon>
)
export const WarningIcon = () => (
  <Icon>
    <path d="M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1" />
  </Icon>
)
export const DevicesIcon = () => (
  <Icon>
    <rect x="4" y="5" width="16" height="11" rx="1.5" />
    <path d="M2 19.5h20" />
  </Icon>
)
export const InfoIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="9" />
    <path d="M12 11v5M12 7.8v.1" />
  </Icon>
)
export const SunIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2.5V5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7" />
  </Icon>
)
export const MoonIcon = () => (
  <Icon>
    <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />
  </Icon>
)
export const LinkIcon = () => (
  <Icon>
    <path d="M10 14a4 4 0 0 0 6 .4l3-3a4.2 4.2 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4.2 4.2 0 0 0 6 6l1-1" />
  </Icon>
)
export const LockIcon = () => (
  <Icon>
    <path d="M5 11h14v9H5zM8 11V8a4 4 0 0 1 8 0v3" />
  </Icon>
)
export const ArrowIcon = () => (
  <Icon>
    <path d="M5 12h14M13 6l6 6-6 6" />
  </Icon>
)
export const KeyIcon = () => (
  <Icon>
    <circle cx="8" cy="15" r="4" />
    <path d="m11 12 9-9M16 7l3 3M13.5 9.5l2 2" />
  </Icon>
)
export const ServiceProvidersIcon = () => (
  <Icon>
    <path d="M3 5h18v14H3zM3 9h18M6 7h.1M8.5 7h.1M8 14h6M12 11.5l2.5 2.5-2.5 2.5" />
  </Icon>
)
export const SigningKeysIcon = () => (
  <Icon>
    <path d="M4 4h16v11H4zM8 8h8M8 11h5M14 15v6l2.5-1.6L19 21v-6" />
  </Icon>
)
export const AccessListsIcon = () => (
  <Icon>
    <path d="M4 4h16v16H4zM11 9h6M11 15h6" />
    <circle cx="7.6" cy="9" r="1.1" />
    <circle cx="7.6" cy="15" r="1.1" />
  </Icon>
)
export const StatusIcon = () => (
  <Icon>
    <path d="M3 12h4l2.5-7 5 14 2.5-7h4" />
  </Icon>
)
export const PlanIcon = () => (
  <Icon>
    <path d="M4 6h6v5H4zM14 13h6v5h-6zM10 8.5h3.5a1.5 1.5 0 0 1 1.5 1.5v3" />
  </Icon>
)
export const AccountsIcon = () => (
  <Icon>
    <path d="M12 3l9 5-9 5-9-5zM3 12.5l9 5 9-5M3 17l9 5 9-5" />
  </Icon>
)
export const IntegrationsIcon = () => (
  <Icon>
    <path d="M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4" />
  </Icon>
)
export const RequestIcon = () => (
  <Icon>
    <path d="M12 5v14M5 12h14" />
  </Icon>
)
export const RequestsIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7v5l3.5 2" />
  </Icon>
)
export const ReviewIcon = () => (
  <Icon>
    <path d="M4 5h16v11H9l-5 4zM8.5 10.5l2.2 2.2 4.5-4.5" />
  </Icon>
)
export const StarIcon = ({ filled }: { filled: boolean }) => (
  <Icon>
    <path
      d="m12 3.5 2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z"
      fill={filled ? 'currentColor' : 'none'}
    />
  </Icon>
)
