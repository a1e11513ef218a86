import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { placeBeside } from './placement.js';

interface PopoverProps {
  readonly class: string;
  readonly role?: 'menu' | 'dialog';
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * A small layer beside the element it is in, over everything else. The focus goes to its first button, the arrow keys move it, Esc and a
 * click outside close it, and the focus goes back to where it was.
 */
export function Popover({ label, onClose, children, role = 'menu', ...rest }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const layer = ref.current;
    const anchor = layer?.parentElement;
    if (layer === null || anchor === null || anchor === undefined) return undefined;
    const opener = document.activeElement;
    const place = () => placeBeside(layer, anchor.getBoundingClientRect());
    const closeOutside = (event: PointerEvent) => {
      if (!(event.target instanceof Node && anchor.contains(event.target))) onClose();
    };
    layer.showPopover();
    place();
    buttonsOf(layer)[0]?.focus({ preventScroll: true });
    document.addEventListener('pointerdown', closeOutside);
    document.addEventListener('scroll', place, { capture: true, passive: true });
    addEventListener('resize', place);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      document.removeEventListener('scroll', place, { capture: true });
      removeEventListener('resize', place);
      if (layer.contains(document.activeElement) && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div
      ref={ref}
      popover="manual"
      class={`popover ${rest.class}`}
      role={role}
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        else if (!moveFocus(ref.current, event.key)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {children}
    </div>
  );
}

function buttonsOf(layer: HTMLElement | null): readonly HTMLElement[] {
  return layer === null ? [] : [...layer.querySelectorAll<HTMLElement>('button:not(:disabled)')];
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function moveFocus(layer: HTMLElement | null, key: string): boolean {
  const step = STEPS[key];
  const buttons = buttonsOf(layer);
  if (step === undefined || buttons.length === 0) return false;
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  buttons.at((at + step) % buttons.length)?.focus();
  return true;
}
