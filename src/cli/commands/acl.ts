/**
 * @module `gatehouse acl`: access lists, their members and their reviews. `show` and `members` are older words for `get`
 * and `users`.
 */
import type { Command } from 'commander'
import type { CliSurroundings } from '../cli.js'
import { addAclBulk } from './acl-bulk.js'
import { addAclEdit } from './acl-edit.js'
import { addAclLs } from './acl-ls.js'
import { addAclReviews } from './acl-reviews.js'
import { addAclUsers } from './acl-users.js'

export function addAclCommands(program: Command, surroundings: CliSurroundings): void {
  const acl = program
    .command('acl')
    .alias('access-lists')
    .description('access lists, their members and their reviews')
  addAclLs(acl, surroundings)
  addAclEdit(acl, surroundings)
  const users = acl.command('users').alias('members').description('the members of an access list')
  addAclUsers(users, surroundings)
  addAclBulk(users, surroundings)
  addAclReviews(acl, surroundings)
}
