/**
 * What the tests of iam share: documents, and calls made by hand.
 */
import { expect } from 'vitest'
import { adminKey, AwsWorld, demo, sendQuery } from '../aws-world.js'

export const trustAccount = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${demo.management}:root` },
      Action: 'sts:AssumeRole',
    },
  ],
})

export const mayList = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sso:ListInstances', Resource: '*' }],
})

/** A call of the administrator, as its form is sent. */
export function callIam(world: AwsWorld, action: string, form: Readonly<Record<string, string>> = {}) {
  return sendQuery(world.url, { Action: action, Version: '2010-05-08', ...form }, 'iam')
}

/** A call in which one member comes twice. */
export async function callIamTwice(world: AwsWorld, action: string, member: string) {
  const response = await fetch(world.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-amz-date': '20261122T120000Z',
      authorization:
        `AWS4-HMAC-SHA256 Credential=${adminKey.accessKeyId}/20261122/us-east-1/iam/aws4_request, ` +
        `SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
    },
    body: `Action=${action}&Version=2010-05-08&${member}=a&${member}=b`,
  })
  return { status: response.status, body: await response.text() }
}

/** The refusal as it stands on the wire. */
export async function expectRefusal(
  answer: Promise<{ readonly status: number; readonly body: string }>,
  status: number,
  code: string,
  message: string,
): Promise<void> {
  const { status: got, body } = await answer
  expect({ status: got, body }).toEqual({
    status,
    body: expect.stringContaining(`<Code>${code}</Code><Message>${escape(message)}</Message>`),
  })
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export { AwsWorld, demo }
