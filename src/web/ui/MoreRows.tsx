/** @module Below a list that comes by pages: how to get the next one, and what went wrong with it. */
import { Button } from '@mantine/core'
import { FormError } from './States.js'

interface MoreRowsProps {
  list: {
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly error: unknown
    readonly fetchNextPage: () => unknown
  }
}

export function MoreRows({ list }: MoreRowsProps) {
  return (
    <>
      <FormError error={list.error} />
      {list.hasNextPage ? (
        <Button
          mt="sm"
          variant="default"
          size="xs"
          onClick={() => void list.fetchNextPage()}
          loading={list.isFetchingNextPage}
        >
          Load more
        </Button>
      ) : null}
    </>
  )
}
