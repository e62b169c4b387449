/** @module Whom a lock on a role hits: how many hold it now. */
import { queryOptions } from '@tanstack/react-query'
import type { RoleHoldersAnswer } from '../../api/contract.js'
import { apiPaths } from '../path-builder.js'
import { getJson } from './client.js'

export const lockHitsQuery = (role: string) =>
  queryOptions({
    queryKey: ['holders', role, 'count'],
    queryFn: ({ signal }) => getJson<RoleHoldersAnswer>(apiPaths.roleHolders(role, { limit: 1 }), signal),
  })
