/** Safari ends a composition before the keydown of the Enter that ended it, which it marks with this code. */
const COMPOSING_KEY_CODE = 229;

/** Enter without Shift, and not the Enter that chooses a syllable of Korean, Japanese or Chinese. */
export function isSubmitKey(event: KeyboardEvent): boolean {
  if (event.key !== 'Enter' || event.shiftKey) return false;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- no other field tells it apart in Safari
  return !event.isComposing && event.keyCode !== COMPOSING_KEY_CODE;
}
