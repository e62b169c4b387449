/**
 * Lint rules. The import directions and the packages that belong to one room come from
 * `test/architecture/rooms.json`, the same table that `test/architecture.test.ts` proves in the gate.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import boundaries from 'eslint-plugin-boundaries'
import tseslint from 'typescript-eslint'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const { rooms, packages, corePackages } = JSON.parse(
  readFileSync(here('test/architecture/rooms.json'), 'utf8'),
)
const roomNames = Object.keys(rooms)
/** These are single files; every other room is a folder. */
const fileRooms = ['main', 'start', 'app']
const selector = (room) =>
  fileRooms.includes(room) ? { file: { categories: room } } : { element: { type: room } }
const filesOf = (room) => (fileRooms.includes(room) ? [`src/${room}.ts`] : [`src/${room}/**/*.{ts,tsx}`])

/** Syntax that no source file uses. Later blocks replace a rule as a whole, so the lists are built from parts. */
const noDefaultExport = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'Named exports only.' },
]
const noBareNow = [
  {
    selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
    message: 'Ask a Clock (src/lib/clock.ts) for the time.',
  },
]
const noAmbient = [
  { object: 'Date', property: 'now', message: 'Ask a Clock (src/lib/clock.ts) for the time.' },
  { object: 'Math', property: 'random', message: 'Ask a Random (src/lib/random.ts).' },
]

/** Packages that a room may not import, and for the core everything but its two. */
function restrictedImports(room) {
  const paths = Object.entries(packages)
    .filter(([, allowed]) => !allowed.includes(room))
    .map(([name, allowed]) => ({ name, message: `Only src/${allowed.join(', src/')} may import ${name}.` }))
  const patterns = [
    { group: ['**/test/**', '**/fixtures/**', '**/certs/**'], message: 'src never imports these.' },
  ]
  if (room === 'core') {
    patterns.push({
      regex: `^(?!\\.)(?!(?:${corePackages.join('|')})$)`,
      message: `The core is pure: of packages only ${corePackages.join(' and ')}, and no node: module.`,
    })
  }
  return ['error', { paths, patterns }]
}

const typedProjects = ['tsconfig.json', 'src/web/tsconfig.json'].filter((path) => existsSync(here(path)))

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'data/', 'coverage/', 'fixtures/', 'certs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: typedProjects, tsconfigRootDir: here('.') } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...noDefaultExport],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // An async function that throws rejects; without `async` the same code throws at the caller.
      '@typescript-eslint/require-await': 'off',
      // Spreading a text into its code points is meant.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Values from outside are checked at runtime even where a type promises them.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `await using` in loops and transactions is not yet understood by this rule.
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { boundaries },
    settings: {
      'boundaries/elements': roomNames
        .filter((room) => !fileRooms.includes(room))
        .map((room) => ({ type: room, pattern: `src/${room}`, partialMatch: false })),
      'boundaries/files': fileRooms.map((room) => ({ category: room, pattern: `src/${room}.ts` })),
      'boundaries/include': ['src/**/*'],
      'import/resolver': { [here('test/architecture/import-resolver.cjs')]: {} },
    },
    rules: {
      'no-restricted-syntax': ['error', ...noDefaultExport, ...noBareNow],
      'no-restricted-properties': ['error', ...noAmbient],
      'boundaries/dependencies': [
        'error',
        {
          default: 'disallow',
          policies: roomNames.flatMap((room) => [
            { from: selector(room), allow: { to: [selector(room), ...rooms[room].may.map(selector)] } },
            ...rooms[room].types.map((to) => ({
              from: selector(room),
              allow: { to: selector(to), dependency: { kind: 'type' } },
            })),
          ]),
        },
      ],
    },
  },
  ...[...roomNames, 'store/sql'].map((room) => ({
    files: filesOf(room),
    rules: { 'no-restricted-imports': restrictedImports(room) },
  })),
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['Date', 'process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'crypto'],
        ...['performance', 'Buffer', 'globalThis'],
      ],
    },
  },
  {
    // The only two places where the core touches Date: text forms of instants.
    files: ['src/core/time.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'console',
        'crypto',
      ],
    },
  },
  {
    files: ['src/lib/clock.ts', 'src/web/**/*.{ts,tsx}'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-syntax': ['error', ...noDefaultExport] },
  },
  {
    // Loaded by tools, or lazily, by their default export.
    files: ['**/*.config.ts', 'src/web/pages/**/*.tsx', 'test/support/*-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Tests read answers of the wire as they come, and a failing assertion is the check.
    files: ['test/**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
)
