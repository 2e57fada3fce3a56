/** Order of strings by UTF-16 code unit, the order of dictionaries and classes. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
