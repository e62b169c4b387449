/** @module What is shown while the first page loads: nothing for a moment, then a quiet sign of life. */
import { Center, Loader } from '@mantine/core'

export function LoadingPage() {
  return (
    <Center mih="100dvh" role="status" aria-label="Loading">
      <Loader size="sm" type="dots" />
    </Center>
  )
}
