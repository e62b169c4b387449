/**
 * @module Where the browser may go from the page that posts a Response, as sources for `form-action` of a
 * Content Security Policy. Chromium applies that directive to every redirect after the post as well (measured
 * with 147: the ACS receives the Response, then the browser stops on our page), and Identity Center answers the
 * post by sending the person on to the access portal, on another host. So the ACS alone is not enough for AWS:
 * its own sign-in and portal domains are named too, and nothing else.
 */
const awsPartitions: readonly { readonly acsHost: RegExp; readonly hosts: readonly string[] }[] = [
  {
    // aws: https://REGION.signin.aws, https://REGION.sso.signin.aws, https://REGION.signin.aws.amazon.com
    acsHost: /\.signin\.aws$|\.signin\.aws\.amazon\.com$/,
    hosts: [
      '*.signin.aws',
      '*.signin.aws.amazon.com',
      '*.awsapps.com',
      '*.app.aws',
      '*.portal.amazonaws.com',
    ],
  },
  {
    // aws-us-gov
    acsHost: /\.signin\.amazonaws-us-gov\.com$/,
    hosts: ['*.signin.amazonaws-us-gov.com', '*.amazonaws-us-gov.com', '*.awsapps.com', '*.app.aws'],
  },
  {
    // aws-cn
    acsHost: /\.signin\.amazonaws\.cn$|\.signin\.amazonaws\.com\.cn$/,
    hosts: ['*.amazonaws.cn', '*.amazonaws.com.cn', '*.awsapps.cn', '*.app.amazonaws.com.cn'],
  },
]

/**
 * The sources for one ACS: the ACS itself, where it is AWS's the domains that follow, and the origins of
 * `followingUrls` (such as the service provider's launch URLs). Not URLs are left out.
 */
export function buildFormActions(acsUrl: string, followingUrls: readonly string[]): string[] {
  const { hostname, protocol } = new URL(acsUrl)
  const aws = awsPartitions.find(({ acsHost }) => protocol === 'https:' && acsHost.test(hostname))
  const origins = followingUrls.filter((url) => /^https?:\/\//i.test(url) && URL.canParse(url)).map(originOf)
  return [...new Set([toSource(acsUrl), ...(aws?.hosts ?? []).map((host) => `https://${host}`), ...origins])]
}

// Of an URL only origin and path count in a source (CSP 3 §2.3.1); ";" and "," would end the directive.
function toSource(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`.replaceAll(';', '%3B').replaceAll(',', '%2C')
}

function originOf(url: string): string {
  return new URL(url).origin
}
