import { useSignal } from '@preact/signals';
import { BrandMark } from '../components/brand-mark.js';
import { Button } from '../components/button.js';
import { Field } from '../components/field.js';
import { FormError } from '../components/form-error.js';
import { LanguageChoice } from '../components/language-choice.js';
import { useTask } from '../components/task.js';
import { locale, t } from '../i18n/text.js';
import { logIn, logoutReason, signUp } from '../model/session.js';

type Mode = 'login' | 'signup';

export function WelcomeScreen() {
  const mode = useSignal<Mode>('login');
  const other = mode.value === 'login' ? 'signup' : 'login';
  return (
    <main class="welcome">
      <div class="welcome-card">
        <div class="brand">
          <BrandMark />
          <div>
            <p class="brand-name">{t('app.name')}</p>
            <p class="brand-tagline">{t('app.tagline')}</p>
          </div>
        </div>
        <h1>{t(`${mode.value}.title`)}</h1>
        <WelcomeForm key={mode.value} mode={mode.value} />
        <div class="welcome-foot">
          <button type="button" class="link-button" onClick={() => (mode.value = other)}>
            {t(other === 'signup' ? 'login.toSignUp' : 'signup.toLogIn')}
          </button>
          <LanguageChoice />
        </div>
      </div>
    </main>
  );
}

function WelcomeForm({ mode }: { mode: Mode }) {
  const username = useSignal('');
  const displayName = useSignal('');
  const password = useSignal('');
  const submitted = useSignal(false);
  const task = useTask();
  const isNew = mode === 'signup';
  const problem = task.problem.value;
  const missing = (value: string) => (submitted.value && value.trim() === '' ? t('field.required') : undefined);
  const submit = () => {
    submitted.value = true;
    if (username.value.trim() === '' || password.value === '') return;
    const account = { username: username.value.trim(), password: password.value };
    const name = displayName.value.trim();
    const profile = { ...account, locale: locale.value, ...(name === '' ? {} : { displayName: name }) };
    task.run(() => (isNew ? signUp(profile) : logIn(account)));
  };
  const errorOf = (field: 'username' | 'displayName' | 'password') => (problem?.field === field ? t(`field.${field}.hint`) : undefined);
  return (
    <form
      class="form"
      data-testid={`${mode}-form`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <FormError code={problem?.code ?? (submitted.value ? undefined : logoutReason.value)} />
      <Field
        label={t('field.username')}
        name="username"
        autocomplete="username"
        autofocus
        value={username.value}
        onInput={(value) => (username.value = value)}
        error={missing(username.value) ?? errorOf('username')}
        {...(isNew ? { hint: t('field.username.hint') } : {})}
      />
      {isNew && (
        <Field
          label={t('field.displayName')}
          name="displayName"
          autocomplete="name"
          optional
          maxLength={64}
          value={displayName.value}
          onInput={(value) => (displayName.value = value)}
          error={errorOf('displayName')}
          hint={t('field.displayName.hint')}
        />
      )}
      <Field
        label={t('field.password')}
        name="password"
        type="password"
        autocomplete={isNew ? 'new-password' : 'current-password'}
        value={password.value}
        onInput={(value) => (password.value = value)}
        error={missing(password.value) ?? errorOf('password')}
        {...(isNew ? { hint: t('field.password.hint') } : {})}
      />
      <Button kind="primary" submits disabled={task.busy.value}>
        {t(task.busy.value ? `${mode}.busy` : `${mode}.action`)}
      </Button>
    </form>
  );
}
