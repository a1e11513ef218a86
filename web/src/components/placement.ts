const GAP = 6;
const MARGIN = 8;

/** Puts a layer below its anchor, or above it where there is no room below; its right edges meet, or its left ones, inside the window. */
export function placeBeside(layer: HTMLElement, anchor: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = layer;
  const below = anchor.bottom + GAP;
  const fitsBelow = below + height + MARGIN <= innerHeight;
  const top = fitsBelow ? below : Math.max(MARGIN, anchor.top - GAP - height);
  const left = anchor.left + anchor.width / 2 < innerWidth / 2 ? anchor.left : anchor.right - width;
  layer.style.top = `${top}px`;
  layer.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
}
