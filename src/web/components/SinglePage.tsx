/** @module The frame of pages outside the shell: one card with one purpose, readable on a phone. */
import { Box } from '@mantine/core'
import type { ReactNode } from 'react'
import { PageTitle } from '../ui/PageTitle.js'
import { MarkIcon } from '../ui/Icons.js'

interface SinglePageProps {
  title: string
  lead?: ReactNode
  /** Pixels; forms are narrow, texts wider. */
  width?: number
  children?: ReactNode
}

export function SinglePage({ title, lead, width = 420, children }: SinglePageProps) {
  return (
    <Box component="main" className="gh-single">
      <span className="gh-brand">
        <MarkIcon size={22} />
        Gatehouse
      </span>
      <Box className="gh-panel gh-single-card" maw={width}>
        <PageTitle title={title} lead={lead} />
        {children}
      </Box>
    </Box>
  )
}
