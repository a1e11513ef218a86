/** Runs at once; what it throws becomes a rejection, as with a store that is further away. */
export function promised<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => resolve(work()));
}
