/**
 * @module The cache of server state. A session that ended is noticed on any answer and told to the shell, which
 * leads to the sign-in page and back.
 */
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isProblem, NetworkDown } from './client.js'

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndOfSession }),
  mutationCache: new MutationCache({ onError: noticeEndOfSession }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) =>
        failures < 2 && (error instanceof NetworkDown || isProblem(error, 'UNAVAILABLE')),
      retryDelay: (failures) => 500 * 2 ** failures,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})

function noticeEndOfSession(error: unknown): void {
  if (isProblem(error, 'NOT_SIGNED_IN')) void queryClient.invalidateQueries({ queryKey: ['session'] })
}
