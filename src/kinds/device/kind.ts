/**
 * @module The kind `device`: machines of the company that may vouch for a sign-in. Creating one trusts nothing yet:
 * `service/devices/enroll.ts` gives it its key. Deleting one, or giving it to somebody else, takes the key away.
 */
import { foldAssetTag, type Device } from '../../core/device/device.js'
import type { Kind } from '../../service/resources/kind.js'
import { mayOnResource } from '../../service/resources/may.js'
import { deviceForm, parseDeviceDocument } from './form.js'

const example = `kind: device
version: v1
metadata:
  name: c9cbb327-68a8-497e-b820-6a4b2bf58269
spec:
  os_type: macos
  asset_tag: C00AA0AAAA0A
  owner: alice@example.com
`

export const deviceKind: Kind<Device> = {
  name: 'device',
  plural: 'devices',
  title: 'device',
  aliases: ['trusted_device'],
  description: 'A machine of the company that vouches for the sign-ins of one person, once it is enrolled.',
  versions: ['v1'],
  example,
  schema: deviceForm,
  parse: parseDeviceDocument,
  uniqueKey: ({ assetTag }) => foldAssetTag(assetTag),
  audit: { create: 'device.create', update: 'device.update', delete: 'device.delete' },
  auditFields: ({ name, osType, assetTag, owner }) => ({
    asset_tag: assetTag,
    device: { device_id: name, asset_tag: assetTag, os_type: osType },
    ...(owner !== undefined && { owner }),
  }),
  columns: [
    { key: 'asset_tag', title: 'Asset tag', of: ({ assetTag }) => assetTag },
    { key: 'os_type', title: 'OS', of: ({ osType }) => osType },
    { key: 'owner', title: 'Owner', of: ({ owner }) => owner ?? '' },
  ],
  warn: ({ owner }, catalog, authority) => {
    if (owner === undefined || catalog.user(owner) !== undefined) return []
    const mayRead = mayOnResource(authority, { resource: 'user', verb: 'read' }).effect === 'allow'
    return mayRead ? [`There is no user "${owner}"; nobody can enrol the device until there is.`] : []
  },
  effects: async ({ action, name, before, after }, tx) => {
    const key = await tx.devices.findKey(name)
    switch (action) {
      case 'create':
        // Whatever was left behind by one of the same name vouches for nobody.
        await tx.devices.forget(name)
        return { notes: [`Vouches for nobody until it is enrolled: gatehouse devices enroll-token ${name}`] }
      case 'update': {
        const isSame = before?.osType === after?.osType && before?.assetTag === after?.assetTag
        const isTheirs = after?.owner === undefined || after.owner === key?.user
        if (isSame && isTheirs) return {}
        await tx.devices.forget(name)
        return key === undefined
          ? {}
          : { notes: ['It is another device, or somebody else’s, so its key counts no more: enrol it anew.'] }
      }
      case 'delete':
        await tx.devices.forget(name)
        return { notes: ['It vouches for nobody from now on.'] }
    }
  },
}
