/** @module Request access: accounts with their permission sets, roles and applications on one side, the basket on the other. */
import { Box, Button, Drawer, NativeSelect, SegmentedControl, TextInput, Title } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import {
  forgetRequests,
  putOnShelf,
  shelfQuery,
  takeOffShelf,
  type PickerShow,
} from '../api/access-requests.js'
import type { Chosen } from '../access-requests/AccountCard.js'
import { emptyBasket, keyOf, maxItems, toggleItem, type BasketItem } from '../access-requests/basket.js'
import { BasketPanel } from '../access-requests/BasketPanel.js'
import { Caps } from '../access-requests/Caps.js'
import { Picker } from '../access-requests/Picker.js'
import { Shelf } from '../access-requests/Shelf.js'
import { useBasket } from '../access-requests/use-basket.js'
import { usePickerView, type PickerOf } from '../access-requests/use-picker-view.js'
import { formatCount } from '../ui/format.js'
import { SearchIcon } from '../ui/Icons.js'
import { basketItem } from '../access-requests/basket.js'
import { PageTitle } from '../ui/PageTitle.js'
import { FormError } from '../ui/States.js'

export function RequestAccess() {
  const view = usePickerView()
  const [basket, change] = useBasket()
  const isWide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false }) ?? true
  const [open, sheet] = useDisclosure(false)
  const favourites = useFavourites()
  const keys = new Set(basket.items.map(({ input }) => keyOf(input)))
  const chosen: Chosen = {
    has: (key) => keys.has(key),
    toggle: (item) => change((before) => toggleItem(before, item)),
    ...favourites.of,
  }
  const isFull = basket.items.length >= maxItems
  const count = formatCount(basket.items.length, 'item')
  return (
    <>
      <PageTitle
        title="Request access"
        lead="Ask for what you need, for as long as you need it. Whoever may decide is told at once."
      />
      <div className="gh-request" data-wide={isWide}>
        <div className="gh-request-main">
          <Shelf basket={basket} change={change} />
          <Tools view={view} />
          <FormError error={favourites.error} />
          {view.of === 'accounts' ? (
            <Picker view={view} chosen={chosen} />
          ) : (
            <Caps of={view.of} search={view.search} chosen={chosen} />
          )}
        </div>
        {isWide ? (
          <Box component="aside" className="gh-panel gh-basket" aria-label="Your request">
            <div className="gh-basket-head">
              <Title order={2}>Your request</Title>
              {basket.items.length > 0 ? (
                <Button
                  variant="subtle"
                  color="gray"
                  size="compact-sm"
                  onClick={() => change(() => emptyBasket)}
                >
                  Clear
                </Button>
              ) : null}
            </div>
            {isFull ? <p role="status">A request has at most {maxItems} items.</p> : null}
            <BasketPanel basket={basket} change={change} />
          </Box>
        ) : (
          <>
            {basket.items.length > 0 ? (
              <div className="gh-basket-bar">
                <Button fullWidth onClick={sheet.open}>
                  {count}: reason and duration …
                </Button>
              </div>
            ) : null}
            <Drawer opened={open} onClose={sheet.close} position="bottom" size="92%" title="Your request">
              <BasketPanel basket={basket} change={change} />
            </Drawer>
          </>
        )}
      </div>
    </>
  )
}

function Tools({ view }: { view: ReturnType<typeof usePickerView> }) {
  return (
    <div className="gh-list-tools">
      <SegmentedControl
        aria-label="What to ask for"
        value={view.of}
        onChange={(of) => view.change({ of })}
        data={parts}
      />
      <TextInput
        aria-label="Search what you may ask for"
        placeholder={placeholders[view.of]}
        leftSection={<SearchIcon />}
        value={view.text}
        onChange={(event) => view.type(event.currentTarget.value)}
        style={{ flex: '1 1 220px' }}
      />
      {view.of === 'accounts' ? (
        <NativeSelect
          aria-label="Show"
          value={view.show}
          onChange={(event) => view.change({ show: event.currentTarget.value })}
          data={shows}
        />
      ) : null}
    </div>
  )
}

const parts: { value: PickerOf; label: string }[] = [
  { value: 'accounts', label: 'AWS accounts' },
  { value: 'roles', label: 'Roles' },
  { value: 'apps', label: 'Applications' },
]
const placeholders: Readonly<Record<PickerOf, string>> = {
  accounts: 'Account, id, unit, tag or permission set',
  roles: 'Name or description',
  apps: 'Name',
}
const shows: { value: PickerShow; label: string }[] = [
  { value: 'requestable', label: 'What I have or may request' },
  { value: 'have', label: 'Only what I have' },
  { value: 'all', label: 'All, with why not' },
]

/** A star is there at once; what the server says is taken in after it. */
function useFavourites(): {
  readonly of: Pick<Chosen, 'isFavourite' | 'setFavourite'>
  readonly error: unknown
} {
  const shelf = useQuery(shelfQuery)
  const set = useMutation({
    mutationFn: ({ item, favourite }: { item: BasketItem; favourite: boolean }) => {
      const name = keyOf(item.input)
      return favourite
        ? putOnShelf('favourite', name, { items: [item.input] })
        : takeOffShelf('favourite', name)
    },
    onSettled: forgetRequests,
  })
  const starred = new Set(
    (shelf.data?.items ?? [])
      .filter(({ kind }) => kind === 'favourite')
      .flatMap(({ name, shown }) => [name, ...shown.map((one) => keyOf(basketItem(one).input))]),
  )
  return {
    of: {
      isFavourite: (key) =>
        set.isPending && keyOf(set.variables.item.input) === key ? set.variables.favourite : starred.has(key),
      setFavourite: (item, favourite) => set.mutate({ item, favourite }),
    },
    error: set.error,
  }
}
