import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/forms.css';
import './styles/welcome.css';
import './styles/chat.css';
import './styles/sidebar.css';
import './styles/messages.css';
import './styles/composer.css';
import './styles/dialogs.css';
import { App } from './app.js';
import { startPreferences } from './model/preferences.js';
import { start } from './model/session.js';

const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the app');
startPreferences();
render(<App />, root);
void start();
