/** @module Table `note`: JSON documents by name. */
export interface NoteTable {
  name: string
  document: string
}
