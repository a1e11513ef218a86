/**
 * `text.charCodeAt(index)`, for loops over ids. A text is of one of many kinds within V8 (put together, cut out, parsed, a key, …), more than it keeps
 * apart at one place, so that the plain call may look the method up for every character, which takes twice as long.
 */
export function codeAt(text: string, index: number): number {
  return String.prototype.charCodeAt.call(text, index);
}
