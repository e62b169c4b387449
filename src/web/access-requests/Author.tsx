/** @module Who decided: a person by name, a review rule as such, with the way to it for whoever may read it. */
import { Link } from 'react-router'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { pagePaths } from '../path-builder.js'

interface AuthorProps {
  name: string
  rule: AccessRequestShown['reviews'][number]['rule']
  /** At the beginning of a sentence. */
  isFirst?: boolean
}

export function Author({ name, rule, isFirst = false }: AuthorProps) {
  if (rule === undefined) return <>{name}</>
  return (
    <>
      {isFirst ? 'The' : 'the'} rule{' '}
      {rule.mayRead ? (
        <Link to={pagePaths.resource('access_review_rule', rule.name)}>{rule.name}</Link>
      ) : (
        rule.name
      )}
    </>
  )
}
