/**
 * @module The inventory file: AWS accounts and permission sets in YAML, for as long as no instance of Identity Center
 * is connected that could be asked. Strict as the configuration: every problem is told at once with its line. All
 * values are read as text, so that an account id needs no quotes to keep its leading zeros.
 */
import { createHash } from 'node:crypto'
import path from 'node:path'
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { emptyInventory, type Inventory } from '../core/inventory/inventory.js'
import { isAccountId, isPermissionSetArn } from '../core/inventory/pair.js'
import { suggest } from '../core/nearest.js'
import type { ConfigProblem } from './setting.js'

/** Above what an organisation and an instance can have; bounds what a mistaken file costs. */
const maxAccounts = 20_000
const maxPermissionSets = 5000

const text = (max: number) =>
  z
    .string('must be text')
    .max(max, `has more than ${max} characters`)
    .refine(
      (value) => value.trim() !== '' && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value),
      'must be one line of text',
    )

const accountForm = z.strictObject({
  id: z.string('must be text').refine(isAccountId, 'must be an account id: 12 digits'),
  name: text(128),
  former_names: z.array(text(128), 'must be a list of names').max(50, 'has more than 50 names').default([]),
  email: text(254).optional(),
  ou_path: text(1000).optional(),
  tags: z.record(text(128), z.string('must be text').max(256, 'has more than 256 characters')).default({}),
})

const permissionSetForm = z.strictObject({
  arn: z
    .string('must be text')
    .refine(
      isPermissionSetArn,
      'must be the ARN of a permission set, such as arn:aws:sso:::permissionSet/ssoins-1234/ps-5678',
    ),
  // As CreatePermissionSet asks.
  name: z.string('must be text').regex(/^[\w+=,.@-]{1,32}$/, 'must be 1 to 32 letters, digits and +=,.@_-'),
  description: text(700).optional(),
})

const inventoryForm = z.strictObject({
  accounts: z
    .array(accountForm, 'must be a list of accounts')
    .max(maxAccounts, 'has too many accounts')
    .default([]),
  permission_sets: z
    .array(permissionSetForm, 'must be a list of permission sets')
    .max(maxPermissionSets, 'has too many permission sets')
    .default([]),
})

const keysByPlace: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(inventoryForm.shape),
  accounts: Object.keys(accountForm.shape),
  permission_sets: Object.keys(permissionSetForm.shape),
}

type Path = readonly PropertyKey[]

/** Reads the text of an inventory file; `file` is its path. With problems the inventory is empty. */
export function parseInventoryFile(
  yaml: string,
  file: string,
): { readonly inventory: Inventory; readonly problems: readonly ConfigProblem[] } {
  const lines = new LineCounter()
  const name = path.basename(file)
  // Failsafe: every scalar is text.
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, schema: 'failsafe' })
  const at = (offset: number): string => `${name}:${lines.linePos(offset).line}`
  const broken = [...document.errors, ...document.warnings].map((error) => ({
    where: at(error.pos[0]),
    message: error.code === 'DUPLICATE_KEY' ? 'this key is given twice; keep one' : error.message,
  }))
  if (broken.length > 0) return { inventory: emptyInventory, problems: broken }

  const problemAt = (place: Path, message: string): ConfigProblem => ({
    where: [at(offsetOf(document, place)), place.join('.')].filter((part) => part !== '').join(' '),
    message,
  })
  const parsed = inventoryForm.safeParse(toValue(document))
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => problemAt([...issue.path, key], unknownKey(key, issue.path)))
        : [problemAt(issue.path, issue.message)],
    )
    return { inventory: emptyInventory, problems }
  }
  const { accounts, permission_sets: permissionSets } = parsed.data
  const problems = [
    ...findRepeated(
      'accounts',
      'id',
      accounts.map(({ id }) => id),
    ),
    ...findRepeated(
      'permission_sets',
      'arn',
      permissionSets.map(({ arn }) => arn),
    ),
    ...findRepeated(
      'permission_sets',
      'name',
      permissionSets.map((set) => set.name),
    ),
  ].map(({ place, message }) => problemAt(place, message))
  if (problems.length > 0) return { inventory: emptyInventory, problems }
  const inventory: Inventory = {
    revision: createHash('sha256').update(yaml).digest('hex').slice(0, 16),
    accounts: accounts.map(
      ({ id, name: accountName, former_names: formerNames, email, ou_path: ouPath, tags }) => ({
        ...{ id, name: accountName, formerNames, tags },
        ...(email === undefined ? {} : { email }),
        ...(ouPath === undefined ? {} : { ouPath }),
      }),
    ),
    permissionSets: permissionSets.map(({ arn, name: setName, description }) => ({
      ...{ arn, name: setName },
      ...(description === undefined ? {} : { description }),
    })),
  }
  return { inventory, problems: [] }
}

/** An empty file is an empty inventory. */
function toValue(document: Document): unknown {
  return document.contents === null ? {} : document.toJS()
}

/** Where the value stands, or the nearest thing around it that is there. */
function offsetOf(document: Document, place: Path): number {
  let node: unknown = document.contents
  let offset = 0
  for (const step of place) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
      if (!isScalar(pair?.key)) break
      offset = pair.key.range?.[0] ?? offset
      node = pair.value
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      if (isNode(node)) offset = node.range?.[0] ?? offset
    } else break
  }
  return offset
}

function unknownKey(key: string, place: Path): string {
  return `is not a known key${suggest(key, keysByPlace[String(place[0] ?? '')] ?? [])}`
}

function findRepeated(
  list: string,
  field: string,
  values: readonly string[],
): { readonly place: Path; readonly message: string }[] {
  const first = new Map<string, number>()
  return values.flatMap((value, index) => {
    const before = first.get(value)
    if (before === undefined) {
      first.set(value, index)
      return []
    }
    return [{ place: [list, index, field], message: `"${value}" is there already, at ${list}.${before}` }]
  })
}
