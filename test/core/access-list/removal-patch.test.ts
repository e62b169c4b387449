import { expect, test } from 'vitest'
import { removalPatch } from '../../../src/core/access-list/removal-patch.js'

test('removes whole files, with lines that tools look over before them', () => {
  const files = [
    { path: ['a', 'b.yaml'], text: 'kind: x\nspec: {}\n' },
    { path: ['a', 'c.yaml'], text: 'one\n' },
  ]
  expect(removalPatch(['Review of a:', '  do this'], files)).toBe(
    [
      '# Review of a:',
      '#   do this',
      'diff --git a/a/b.yaml b/a/b.yaml',
      'deleted file mode 100644',
      '--- a/a/b.yaml',
      '+++ /dev/null',
      '@@ -1,2 +0,0 @@',
      '-kind: x',
      '-spec: {}',
      'diff --git a/a/c.yaml b/a/c.yaml',
      'deleted file mode 100644',
      '--- a/a/c.yaml',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-one',
      '',
    ].join('\n'),
  )
})

test.each([
  ['..', '%2e%2e'],
  ['a/b', 'a%2fb'],
  ['a b\n--- a/x', 'a%20b%0a---%20a%2fx'],
  ['zoë', 'zo%c3%ab'],
  ['50%25', '50%2525'],
])('a name does not leave its folder or its line: %j', (name, safe) => {
  expect(removalPatch([], [{ path: [name, 'x'], text: 'y\n' }])).toContain(`\n--- a/${safe}/x\n`)
})

test('a heading is one line, whatever is in it', () => {
  expect(removalPatch(['a\n--- b\u202e'], [])).toBe('# a\u{fffd}--- b\u{fffd}\n')
})
