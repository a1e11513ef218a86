/** The rabbit of the favicon. */
export function BrandMark() {
  return <img class="brand-mark" src="/favicon.svg" alt="" width="44" height="44" />;
}
