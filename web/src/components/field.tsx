import { useId } from 'preact/hooks';
import { t } from '../i18n/text.js';

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly name: string;
  readonly type?: 'text' | 'password';
  readonly autocomplete?: string;
  readonly hint?: string;
  /** Shown in place of the hint, and tied to the input. */
  readonly error?: string | undefined;
  readonly optional?: true;
  readonly autofocus?: true;
  readonly maxLength?: number;
}

/** A labelled text input. Identifiers and passwords are typed without correction and capital letters. */
export function Field({
  label,
  value,
  onInput,
  name,
  type = 'text',
  autocomplete = 'off',
  hint,
  error,
  optional,
  autofocus,
  maxLength,
}: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {label}
        {optional === true && <span class="field-optional">{t('field.optional')}</span>}
      </label>
      <input
        id={id}
        class="input"
        name={name}
        {...(type === 'password' ? { type: 'password' as const } : { type: 'text' as const })}
        value={value}
        autocomplete={autocomplete}
        autoFocus={autofocus}
        maxLength={maxLength}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={error === undefined ? undefined : 'true'}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {note !== undefined && (
        <p id={`${id}-note`} class={error === undefined ? 'field-hint' : 'field-error'}>
          {note}
        </p>
      )}
    </div>
  );
}
