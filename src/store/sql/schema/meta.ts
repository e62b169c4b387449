/** @module Table `meta`: single values by name, such as the cluster's identity and the resource generation. */
export interface MetaTable {
  name: string
  value: string
}
