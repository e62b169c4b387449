/**
 * @module The troubleshooting document: what to do about each error code, from a table that has to name all of them,
 * and the refusals of sign-ins in the words of the page itself.
 */
import type { ErrorCode } from '../../src/core/error.js'
import type { DenyCause, SamlDecision } from '../../src/core/role/saml-access.js'
import { describeRefusal } from '../../src/core/saml/refusal.js'

const readFields = 'Mend what `fields` or `problems` name; each has its place.'
const readAgain = 'Read it again, and make the change anew on what is there now.'
const signInAgain = 'Start the sign-in again, in one browser, from the application or this gateway.'
const readLog = 'Look for the `reference` in the log of the gateway, which has the cause.'
const otherConnector =
  'Look for the audit event of the sign-in; test the connector ([connectors.md](connectors.md)).'

/** What to do, in a sentence; what each means is in errors.md. */
const advice: Readonly<Record<ErrorCode, string>> = {
  INVALID_INPUT: readFields,
  INVALID_CONFIG:
    'Mend every setting that the start lists ([configuration.md](configuration.md)), and start again.',
  INVALID_RESOURCE: `${readFields} \`gatehouse kinds KIND\` prints an example.`,
  INVALID_MATCHER: 'Write a literal, a pattern with `*`, or an RE2 expression between `^` and `$`.',
  INVALID_TEMPLATE:
    'Write `{{internal.NAME}}` or `{{external.NAME}}`; the message says where it cannot be read.',
  INVALID_EXPRESSION: 'The message names the character and what may stand there ([roles.md](roles.md)).',
  INVALID_METADATA: 'Fetch the metadata of the application again, as a file, and upload it unchanged.',
  INVALID_SAML_REQUEST:
    'Start at the application again; where it stays, compare its settings and clock with ours.',
  INVALID_SAML_RESPONSE:
    'Compare certificate, audience and clock of the identity provider ([connectors-saml.md](connectors-saml.md)).',
  INVALID_SCIM:
    'See what the directory sent: `scimType` and `detail` say what is wrong ([scim-server.md](scim-server.md)).',
  UNKNOWN_SERVICE_PROVIDER: 'Register the application, or correct its entity ID: `gatehouse get sp`.',
  SAML_REQUEST_ANSWERED: signInAgain,
  SAML_REQUEST_GONE: signInAgain,
  SAML_RESPONSE_TOO_LARGE: 'Send fewer or shorter attributes: `attribute_mapping` of the service provider.',
  NOT_FOUND: 'Check the spelling; what one may not read is not found either.',
  ALREADY_EXISTS: 'Change the one that is there (`--force`, `gatehouse edit`), or choose another name.',
  REVISION_MISMATCH: readAgain,
  REVISION_REQUIRED: 'Send `If-Match` with the revision that the change starts from.',
  RESERVED_NAME: 'Choose a name of another form than `<permission set>-on-<account>-<id>`.',
  CONFLICT: 'Do first what the message says.',
  PLAN_CHANGED: 'Read the plan again, and agree to what it says now.',
  STILL_IN_USE: 'Take it out of what the message names first.',
  MANAGED_ELSEWHERE: 'Change it where the message says.',
  REVIEW_OVERDUE: 'Finish the review of the list.',
  REVIEW_INCOMPLETE: 'Decide on each who is left, or keep the rest.',
  REVIEW_CHANGED: 'Look at the review again, and submit it with its digest.',
  REVIEW_FINISHED: 'Read what came of the other review; begin another one where that is not enough.',
  LIST_CYCLE: 'Take one of the lists on the path out.',
  LIST_TOO_DEEP: 'Put people into a list nearer to the top.',
  LIST_FULL: 'Put people into lists of their own, and those into this one.',
  BACKUP_REFUSED:
    'Check file, identity and cluster; try the backup before ([backup.md](backup.md#restoring)).',
  AWS_REFUSED:
    '`gatehouse awsic test` names the permission; run the set-up script again ([aws-permissions.md](aws-permissions.md)).',
  AWS_UNREACHABLE: 'Try again in a minute; where it stays, see that the gateway reaches the internet.',
  SYSTEM_RESOURCE: 'Grant it, or write a role of your own; it cannot be changed.',
  LOCKED: 'Ask an administrator; they find the lock by `gatehouse locks ls` ([locks.md](locks.md)).',
  KEY_PHASE: 'Do one of the steps that the message names ([keys.md](keys.md)).',
  LAST_ADMINISTRATOR: 'Make another administrator first.',
  NOT_SIGNED_IN: 'Sign in again (`gatehouse login`), or give a token that has not ended.',
  SIGN_IN_FAILED: 'Try again; an administrator makes a reset link (`gatehouse users reset NAME`).',
  TOO_MANY_ATTEMPTS: 'Wait for as long as `Retry-After` says.',
  CONNECTOR_REFUSED: `${otherConnector} Most often no line of its mapping fits.`,
  CONNECTOR_FAILED: otherConnector,
  CONNECTOR_SIGN_IN_GONE: signInAgain,
  CSRF: 'Load the page again; a program sends the header of its session, or a token.',
  FORBIDDEN: 'Ask for a role with that right: [rights.md](rights.md) says which it is.',
  REQUEST_NOT_ALLOWED: 'Leave out what `fields` name, or ask for a role whose `request` allows it.',
  DIRECTORY_REFUSED: 'Release the change, or undo it in the directory ([scim-server.md](scim-server.md)).',
  LINK_INVALID: 'Ask for a new link; the last one made is good.',
  WEAK_PASSWORD: 'Choose a longer one, unlike the name.',
  SECOND_FACTOR_REQUIRED: 'Give a passkey, a code, or a recovery code.',
  SECOND_FACTOR_INVALID:
    'Wait for the next code, and compare the clock of the phone; or use a recovery code.',
  SECOND_FACTOR_MISSING:
    'Add a second factor in My settings; where one cannot sign in, a reset link with `--forget-factors`.',
  SESSION_MFA_REQUIRED: 'Prove the factor that `mfa` asks for; page and command line ask by themselves.',
  SESSION_MFA_UNSUPPORTED: 'Add a hardware key, or ask an administrator to let another factor be enough.',
  MFA_PROOF_INVALID: 'Prove it again, and send it at once.',
  LAST_SECOND_FACTOR: 'Add another one first.',
  FACTOR_NOT_ALLOWED: 'Use another kind; `cluster_auth_preference` says which are allowed.',
  PASSKEY_REFUSED: 'Use another authenticator; the audit event says why this one is not taken.',
  DEVICE_REFUSED:
    'See whose it is and whether it is enrolled: `gatehouse devices ls` ([device-trust.md](device-trust.md)).',
  DEVICE_TOKEN_INVALID: 'Make a new token: `gatehouse devices enroll-token`.',
  DEVICE_REQUEST_GONE: signInAgain,
  BODY_TOO_LARGE: 'Send less at once, in several files or pages.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the content type that [api.md](api.md) names.',
  MASTER_KEY_MISSING:
    'Put the key back, or name its file ([configuration.md](configuration.md#the-master-key)); never make a new one for old data.',
  UNSEAL_FAILED: 'Start with the master key that belongs to this database.',
  MIGRATION_FAILED:
    'Start the version that the message asks for, or restore the backup ([upgrade.md](upgrade.md#going-back)).',
  UNAVAILABLE: 'Try again; where it stays, see whether the database answers (`/readyz`).',
  DIRECTORY_HELD: 'A person releases or refuses it ([scim-server.md](scim-server.md)).',
  INTERNAL: readLog,
}

const causes: Readonly<Record<DenyCause, true>> = {
  locked: true,
  cluster_disabled: true,
  role_disables_idp: true,
  denied_by_role: true,
  rules_denied: true,
  no_roles: true,
  no_role_matches: true,
  device_untrusted: true,
  mfa_unavailable: true,
}

export function writeTroubleshooting(): string {
  const refusals = (Object.keys(causes) as DenyCause[]).map((because) => {
    const denial: Extract<SamlDecision, { effect: 'deny' }> = {
      effect: 'deny',
      because,
      reasons: [],
      auditMessage: '',
      locks: [],
    }
    const { title, advice: then } = describeRefusal(denial, 'APPLICATION')
    return `| ${title} | ${then.join(' ')} |`
  })
  const errors = Object.entries(advice).map(([code, then]) => `| \`${code}\` | ${then} |`)
  return `# Troubleshooting

Every refusal and error says what is wrong and ends with what to do. This page finds it by the words that you see.

## Somebody cannot sign in to AWS

The page has a title, the reasons and a reference number; the audit event of the sign-in (\`saml.idp.auth\`) has the same reference
and every reason. \`gatehouse explain USER --app NAME\` asks the same question without a sign-in. More: [sign-in.md](sign-in.md).

| The page says | Do |
|---|---|
${[...new Set(refusals)].join('\n')}
| You cannot be announced to APPLICATION | The user name or an attribute is not one that AWS takes: correct what the page names. |

## AWS is not what Gatehouse says

\`gatehouse awsic status\` names each problem with what to do; \`--json\` has its code. All of them:
[identity-center.md](identity-center.md#troubleshooting). Why somebody has access or not:
\`gatehouse explain USER --account A --permission-set P\`.

## It does not start

The start prints all problems of the configuration at once and ends (\`INVALID_CONFIG\`). \`MASTER_KEY_MISSING\`, \`UNSEAL_FAILED\` and
\`MIGRATION_FAILED\` are below.

## Error codes

Of the interface, and behind \`--json\` and in the log. What each means is in [errors.md](errors.md).

| Code | Do |
|---|---|
${errors.join('\n')}
`
}
