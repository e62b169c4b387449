/** @module The basket of whoever is signed in, as the page that fills it sees it. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../api/queries.js'
import { readBasket, writeBasket, type Basket } from './basket.js'

export type ChangeBasket = (change: (basket: Basket) => Basket) => void

/** The name under which the basket of this session is kept. */
export function useBasketUser(): string {
  return useQuery(sessionQuery).data?.user?.name ?? ''
}

export function useBasket(): readonly [Basket, ChangeBasket] {
  const user = useBasketUser()
  const [kept, setKept] = useState(() => ({ user, basket: readBasket(user) }))
  // Another person signed in to this tab.
  if (kept.user !== user) setKept({ user, basket: readBasket(user) })
  return [
    kept.basket,
    (change) =>
      setKept((before) => {
        const basket = change(before.basket)
        writeBasket(before.user, basket)
        return { ...before, basket }
      }),
  ]
}
