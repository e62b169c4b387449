/**
 * Import resolver for eslint-plugin-boundaries: relative imports are written with `.js` as Node wants them and
 * live in `.ts` or `.tsx` files. Packages are left to the plugin, which calls them external.
 */
const { existsSync, statSync } = require('node:fs')
const { builtinModules } = require('node:module')
const path = require('node:path')

exports.interfaceVersion = 2

exports.resolve = function resolve(source, file) {
  if (source.startsWith('node:') || builtinModules.includes(source)) return { found: true, path: null }
  if (!source.startsWith('.')) return { found: false }
  const target = path.resolve(path.dirname(file), source)
  const candidates = [target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx'), target]
  const found = candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile())
  return found === undefined ? { found: false } : { found: true, path: found }
}
