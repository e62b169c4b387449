/** @module Closing what was opened, in reverse order, also when one of the closings fails. */

/** Collects things to close; {@link DisposalStack.move} hands them over once everything is open. */
export class DisposalStack implements AsyncDisposable {
  #opened: AsyncDisposable[] = []

  use<T extends AsyncDisposable>(resource: T): T {
    this.#opened.push(resource)
    return resource
  }

  /** A stack that now owns everything; this one closes nothing any more. */
  move(): DisposalStack {
    const moved = new DisposalStack()
    moved.#opened = this.#opened
    this.#opened = []
    return moved
  }

  /** Closes the newest first. @throws the first error, after everything was tried. */
  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = []
    for (const resource of this.#opened.splice(0).reverse()) {
      try {
        await resource[Symbol.asyncDispose]()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw errors[0]
  }
}
