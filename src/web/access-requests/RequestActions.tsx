/** @module What the person may do with a request now: what the server allows is here, and nothing else. */
import { Button, Group } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import type { AccessRequestShown } from '../../api/contract/access-requests.js'
import { forgetRequests, setAssumed, type EndOf } from '../api/access-requests.js'
import { queryClient } from '../api/query-client.js'
import { pagePaths } from '../path-builder.js'
import { offersRevoke } from '../ui/request-words.js'
import { FormError } from '../ui/States.js'
import { addItems, basketItem, readBasket, writeBasket } from './basket.js'
import { EndDialog } from './EndDialog.js'
import { ExtendDialog } from './ExtendDialog.js'
import { PromoteDialog } from './PromoteDialog.js'
import { useBasketUser } from './use-basket.js'

type Dialog = EndOf | 'extend' | 'promote'

/** After the roles of the session changed, and with them what may be opened. */
function forgetRights(): void {
  void queryClient.invalidateQueries({ queryKey: ['session'] })
  void queryClient.invalidateQueries({ queryKey: ['apps'] })
}

export function RequestActions({ request }: { request: AccessRequestShown }) {
  const { id, user, may, active, assumed, items, reason, duration, state } = request
  const goTo = useNavigate()
  const me = useBasketUser()
  const [dialog, setDialog] = useState<Dialog>()
  const assume = useMutation({
    mutationFn: (to: boolean) => setAssumed(id, to),
    onSuccess: () => {
      forgetRequests()
      forgetRights()
    },
  })
  const adds = assumed && active
  const added = useRef(adds)
  useEffect(() => {
    // Assumed or dropped elsewhere, or over: the menu must not offer what is refused.
    if (added.current !== adds) forgetRights()
    added.current = adds
  }, [adds])
  const isOwn = me === user
  const askAgain = () => {
    const before = readBasket(me)
    const after = addItems(before, items.map(basketItem))
    writeBasket(me, {
      ...after,
      reason: before.reason.trim() === '' ? reason : before.reason,
      duration: before.duration ?? duration,
    })
    void goTo(pagePaths.requestAccess())
  }
  return (
    <>
      <Group gap="xs">
        {may.assume ? (
          <Button onClick={() => assume.mutate(true)} loading={assume.isPending}>
            Assume in this session
          </Button>
        ) : null}
        {assumed ? (
          <Button variant="default" onClick={() => assume.mutate(false)} loading={assume.isPending}>
            Drop from this session
          </Button>
        ) : null}
        {may.extend ? (
          <Button variant="default" onClick={() => setDialog('extend')}>
            Extend …
          </Button>
        ) : null}
        {may.promote ? (
          <Button variant="default" onClick={() => setDialog('promote')}>
            Promote to an access list …
          </Button>
        ) : null}
        {isOwn && state !== 'pending' ? (
          <Button variant="default" onClick={askAgain}>
            Ask again
          </Button>
        ) : null}
        {may.release ? (
          <Button variant="default" onClick={() => setDialog('release')}>
            Give back …
          </Button>
        ) : null}
        {may.cancel ? (
          <Button variant="default" onClick={() => setDialog('cancel')}>
            Cancel the request …
          </Button>
        ) : null}
        {offersRevoke(request, me) ? (
          <Button variant="default" c="red" onClick={() => setDialog('revoke')}>
            Revoke …
          </Button>
        ) : null}
      </Group>
      <FormError error={assume.error} />
      {dialog === 'extend' ? (
        <ExtendDialog request={request} onClose={() => setDialog(undefined)} />
      ) : dialog === 'promote' ? (
        <PromoteDialog request={request} onClose={() => setDialog(undefined)} />
      ) : dialog !== undefined ? (
        <EndDialog request={request} how={dialog} onClose={() => setDialog(undefined)} />
      ) : null}
    </>
  )
}
