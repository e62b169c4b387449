/**
 * @module Which page stands at which path. Each page is its own file, loaded when it is opened; pages inside the
 * shell need a session, the others do not.
 */
import { createBrowserRouter, type RouteObject } from 'react-router'
import type { PageData } from '../api/contract.js'
import { RouteFailure } from './components/RouteFailure.js'
import { LoadingPage } from './components/LoadingPage.js'

const pages: RouteObject[] = [
  { path: '/sign-in', lazy: async () => ({ Component: (await import('./pages/SignIn.js')).SignIn }) },
  { path: '/device', lazy: async () => ({ Component: (await import('./pages/DeviceStep.js')).DeviceStep }) },
  { path: '/step-up', lazy: async () => ({ Component: (await import('./pages/StepUp.js')).StepUp }) },
  {
    path: '/invite',
    lazy: async () => ({ Component: (await import('./pages/OneTimeLink.js')).OneTimeLink }),
  },
  {
    path: '/reset',
    lazy: async () => ({ Component: (await import('./pages/OneTimeLink.js')).OneTimeLink }),
  },
  {
    path: '/cli-sign-in',
    lazy: async () => ({ Component: (await import('./pages/CliSignIn.js')).CliSignIn }),
  },
  {
    lazy: async () => ({ Component: (await import('./components/Shell.js')).Shell }),
    children: [
      { index: true, lazy: async () => ({ Component: (await import('./pages/Resources.js')).Resources }) },
      { path: '/users', lazy: async () => ({ Component: (await import('./pages/Users.js')).Users }) },
      {
        path: '/users/:name',
        lazy: async () => ({ Component: (await import('./pages/UserPage.js')).UserPage }),
      },
      { path: '/roles', lazy: async () => ({ Component: (await import('./pages/Roles.js')).Roles }) },
      {
        path: '/roles/:name',
        lazy: async () => ({ Component: (await import('./pages/RolePage.js')).RolePage }),
      },
      { path: '/resources', lazy: async () => ({ Component: (await import('./pages/Kinds.js')).Kinds }) },
      {
        path: '/resources/:kind',
        lazy: async () => ({ Component: (await import('./pages/ResourceList.js')).ResourceList }),
      },
      {
        path: '/resources/:kind/:name',
        lazy: async () => ({ Component: (await import('./pages/ResourcePage.js')).ResourcePage }),
      },
      {
        path: '/service-providers',
        lazy: async () => ({ Component: (await import('./pages/ServiceProviders.js')).ServiceProviders }),
      },
      {
        path: '/service-providers/:name',
        lazy: async () => ({
          Component: (await import('./pages/ServiceProviderPage.js')).ServiceProviderPage,
        }),
      },
      {
        path: '/connectors/new/saml',
        lazy: async () => ({ Component: (await import('./pages/NewSamlConnector.js')).NewSamlConnector }),
      },
      {
        path: '/connectors',
        lazy: async () => ({ Component: (await import('./pages/Connectors.js')).Connectors }),
      },
      {
        path: '/connectors/new',
        lazy: async () => ({ Component: (await import('./pages/NewConnector.js')).NewConnector }),
      },
      {
        path: '/connectors/:name/tests/:id',
        lazy: async () => ({ Component: (await import('./pages/ConnectorTest.js')).ConnectorTest }),
      },
      { path: '/who-can', lazy: async () => ({ Component: (await import('./pages/WhoCan.js')).WhoCan }) },
      {
        path: '/explain',
        lazy: async () => ({ Component: (await import('./pages/ExplainAccess.js')).ExplainAccess }),
      },
      { path: '/locks', lazy: async () => ({ Component: (await import('./pages/Locks.js')).Locks }) },
      { path: '/devices', lazy: async () => ({ Component: (await import('./pages/Devices.js')).Devices }) },
      { path: '/tokens', lazy: async () => ({ Component: (await import('./pages/Tokens.js')).Tokens }) },
      { path: '/keys', lazy: async () => ({ Component: (await import('./pages/Keys.js')).Keys }) },
      { path: '/audit', lazy: async () => ({ Component: (await import('./pages/AuditLog.js')).AuditLog }) },
      {
        path: '/settings',
        lazy: async () => ({ Component: (await import('./pages/Settings.js')).Settings }),
      },
      {
        path: '/integrations',
        lazy: async () => ({ Component: (await import('./pages/Integrations.js')).Integrations }),
      },
      {
        path: '/integrations/new',
        lazy: async () => ({ Component: (await import('./pages/NewIntegration.js')).NewIntegration }),
      },
      {
        path: '/integrations/aws-identity-center/set-up/:step?',
        lazy: async () => ({
          Component: (await import('./pages/IdentityCenterSetUp.js')).IdentityCenterSetUp,
        }),
      },
      {
        path: '/identity-center',
        lazy: async () => ({
          Component: (await import('./pages/IdentityCenterStatus.js')).IdentityCenterStatus,
        }),
      },
      {
        path: '/identity-center/plan',
        lazy: async () => ({ Component: (await import('./pages/IdentityCenterPlan.js')).IdentityCenterPlan }),
      },
      {
        path: '/identity-center/accounts',
        lazy: async () => ({
          Component: (await import('./pages/IdentityCenterAccounts.js')).IdentityCenterAccounts,
        }),
      },
      {
        path: '/identity-center/uninstall',
        lazy: async () => ({
          Component: (await import('./pages/IdentityCenterUninstall.js')).IdentityCenterUninstall,
        }),
      },
      {
        path: '/access-lists',
        lazy: async () => ({ Component: (await import('./pages/AccessLists.js')).AccessLists }),
      },
      {
        path: '/access-lists/:name',
        lazy: async () => ({ Component: (await import('./pages/AccessListPage.js')).AccessListPage }),
      },
      {
        path: '/access-lists/:name/review',
        lazy: async () => ({ Component: (await import('./pages/AccessListReview.js')).AccessListReview }),
      },
      {
        path: '/request',
        lazy: async () => ({ Component: (await import('./pages/RequestAccess.js')).RequestAccess }),
      },
      {
        path: '/requests',
        lazy: async () => ({ Component: (await import('./pages/MyRequests.js')).MyRequests }),
      },
      {
        path: '/requests/review',
        lazy: async () => ({ Component: (await import('./pages/RequestsToReview.js')).RequestsToReview }),
      },
      {
        path: '/requests/all',
        lazy: async () => ({ Component: (await import('./pages/AllRequests.js')).AllRequests }),
      },
      {
        path: '/requests/:id',
        lazy: async () => ({ Component: (await import('./pages/RequestPage.js')).RequestPage }),
      },
      { path: '*', lazy: async () => ({ Component: (await import('./pages/NotFound.js')).NotFound }) },
    ],
  },
]

/** With `data` every path shows that refusal or problem; its links load anew. */
export function createRouter(data: PageData | undefined) {
  const shown: RouteObject[] = data
    ? [
        {
          path: '*',
          lazy: async () => {
            const { Refusal } = await import('./pages/Refusal.js')
            return { Component: () => <Refusal data={data} /> }
          },
        },
      ]
    : pages
  return createBrowserRouter([{ ErrorBoundary: RouteFailure, HydrateFallback: LoadingPage, children: shown }])
}
