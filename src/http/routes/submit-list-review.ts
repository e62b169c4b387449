/** @module `POST /v1/access-lists/:name/review/submit`: finishes the review of an access list. */
import { paths, submitReviewAnswer, submitReviewRequest } from '../../api/contract.js'
import { submitReview } from '../../service/access-lists/reviews/submit-review.js'
import { authorityOf } from '../person.js'
import { reviewPatch } from '../review-patch.js'
import { json, route } from '../route.js'

export const submitListReview = route({
  method: 'post',
  path: paths.submitReview,
  right: 'session',
  machine: true,
  summary: 'Finishes the review of an access list, or tells what that would do, in AWS, too',
  answer: { kind: 'json', schema: submitReviewAnswer },
  body: submitReviewRequest,
  largeBody: true,
  handler: async ({ deps, params, body, actor, origin }) => {
    const name = params.name ?? ''
    const submitted = await submitReview(deps, name, body, authorityOf(actor), origin)
    return json({ ...submitted.answer, patch: reviewPatch(name, submitted) })
  },
})
