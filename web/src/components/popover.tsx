import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface PopoverProps {
  readonly class: string;
  readonly role?: 'menu' | 'dialog';
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * A small layer beside the button that opened it. The focus goes to its first button, the arrow keys move it, Esc and a click outside close
 * it, and the focus goes back to where it was.
 */
export function Popover({ label, onClose, children, role = 'menu', ...rest }: PopoverProps) {
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const opener = document.activeElement;
    buttonsOf(ref.current)[0]?.focus();
    const closeOutside = (event: PointerEvent) => {
      const wrap = ref.current?.parentElement;
      if (event.target instanceof Node && wrap?.contains(event.target) === true) return;
      onClose();
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => {
      document.removeEventListener('pointerdown', closeOutside);
      if (ref.current?.contains(document.activeElement) !== false && opener instanceof HTMLElement) opener.focus();
    };
  }, []);
  return (
    <div
      ref={ref}
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
