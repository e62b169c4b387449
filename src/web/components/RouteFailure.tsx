/** @module The last resort: a page that could not be loaded or drawn, most often after the gateway was updated. */
import { Anchor, Button, Group, Text } from '@mantine/core'
import { pagePaths } from '../path-builder.js'
import { SinglePage } from './SinglePage.js'

export function RouteFailure() {
  return (
    <SinglePage title="This page could not be shown">
      <Text>
        The gateway may have been updated while this page was open, or the network failed. Loading it again
        mends both.
      </Text>
      <Group mt="lg">
        <Button onClick={() => window.location.reload()}>Load again</Button>
        <Anchor href={pagePaths.resources()}>Go to Resources</Anchor>
      </Group>
    </SinglePage>
  )
}
