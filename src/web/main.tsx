/**
 * @module The web page: a client of the API with no rules of its own. What the server embedded in the page (a
 * refusal or a problem) is shown as it is; everything else is routed. It must never decide about access, load
 * from another origin, or keep a secret beyond the page that shows it. Neighbours: `routes.tsx`, `api/`, `ui/`.
 */
import './color-scheme.js'
import '@mantine/core/styles.css'
import './styles.css'
import './content.css'
import './editor.css'
import './pages.css'
import './charts.css'
import './identity-center.css'
import './access-lists.css'
import './access-requests.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { queryClient } from './api/query-client.js'
import { parsePageData } from './page-data.js'
import { createRouter } from './routes.js'
import { styleNonce } from './style-nonce.js'
import { cssVariablesResolver, theme } from './theme.js'

const root = document.getElementById('root')
if (root) {
  const data = parsePageData(document.getElementById('page-data')?.textContent)
  createRoot(root).render(
    <StrictMode>
      <Providers>
        <RouterProvider router={createRouter(data)} />
      </Providers>
    </StrictMode>,
  )
}

function Providers({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      defaultColorScheme="auto"
      getStyleNonce={() => styleNonce}
    >
      <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>
    </MantineProvider>
  )
}
