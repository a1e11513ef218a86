import { LOCALES, locale, t } from '../i18n/text.js';
import { chooseLocale } from '../model/preferences.js';

export function LanguageChoice() {
  return (
    <div class="language" role="group" aria-label={t('language.label')}>
      {LOCALES.map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-pressed={locale.value === language}
          onClick={() => chooseLocale(language)}
        >
          {t(`language.${language}`)}
        </button>
      ))}
    </div>
  );
}
