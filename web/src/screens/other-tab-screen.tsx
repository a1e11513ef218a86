import { BrandMark } from '../components/brand-mark.js';
import { Button } from '../components/button.js';
import { t } from '../i18n/text.js';

/** Another tab has taken over: this one stands by. */
export function OtherTabScreen() {
  return (
    <main class="starting">
      <BrandMark />
      <p>{t('tab.elsewhere')}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {t('tab.useHere')}
      </Button>
    </main>
  );
}
