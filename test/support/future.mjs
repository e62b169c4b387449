/** @module Loaded before the program (`node --import`): a version of the future, which knows one migration more. */
import { migrations } from '../../dist/store/sql/migrations/index.js'

migrations.push({
  number: 1000,
  name: 'colours',
  statements: ({ text }) => [`alter table browser_session add column colour ${text}`],
})
