import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.js';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  readonly kind?: 'primary' | 'quiet' | 'danger';
  readonly submits?: true;
  readonly disabled?: boolean;
  readonly testId?: string;
}

export function Button({ children, onClick, kind = 'quiet', submits, disabled, testId }: ButtonProps) {
  return (
    <button
      type={submits === true ? 'submit' : 'button'}
      class={`button button-${kind}`}
      disabled={disabled}
      data-testid={testId}
      onClick={() => onClick?.()}
    >
      {children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** Read aloud, and shown as a tooltip. */
  readonly label: string;
  readonly onClick: (event: MouseEvent) => void;
  readonly class?: string;
  readonly expanded?: boolean;
  readonly testId?: string;
}

export function IconButton({ icon, label, onClick, expanded, testId, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
      aria-expanded={expanded}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
