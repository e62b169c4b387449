/**
 * @module What text an engine can keep. PostgreSQL refuses NUL in text, and both engines store UTF-8, which has
 * no unpaired surrogates; text from strangers may hold either.
 */
const unstorable = /\0|\p{Surrogate}/gu

/** Whether both engines give the text back as it is; a name that is not storable names nothing. */
export function isStorable(text: string): boolean {
  return text.search(unstorable) < 0
}

/** The text with U+FFFD where it could not be stored: for values that are shown or counted, not compared. */
export function storable(text: string): string {
  return text.replace(unstorable, '\uFFFD')
}
