import { errorText } from '../i18n/text.js';
import { Icon } from './icon.js';

/** What went wrong with a whole form, announced at once. */
export function FormError({ code }: { code: string | undefined }) {
  return (
    <div role="alert">
      {code !== undefined && (
        <p class="form-error">
          <Icon name="alert" />
          {errorText(code)}
        </p>
      )}
    </div>
  );
}
