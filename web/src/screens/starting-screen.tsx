import { BrandMark } from '../components/brand-mark.js';
import { t } from '../i18n/text.js';

export function StartingScreen() {
  return (
    <main class="starting" aria-busy="true">
      <BrandMark />
      <p role="status">{t('app.starting')}</p>
    </main>
  );
}
