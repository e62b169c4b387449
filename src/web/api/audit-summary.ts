/** @module Counts of audit events, for the charts above their list. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { AuditSummaryAnswer } from '../../api/contract.js'
import { apiPaths, type AuditView } from '../path-builder.js'
import type { ChartSpan } from '../ui/chart-span.js'
import { getJson } from './client.js'

export const auditSummaryQuery = ({ type, user, outcome }: AuditView, span: ChartSpan) =>
  queryOptions({
    queryKey: ['audit-summary', { type, user, outcome }, span],
    queryFn: ({ signal }) =>
      getJson<AuditSummaryAnswer>(apiPaths.auditSummary({ type, user, outcome }, span), signal),
    placeholderData: keepPreviousData,
  })
