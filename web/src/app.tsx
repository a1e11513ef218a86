import { ChatScreen } from './screens/chat-screen.js';
import { OtherTabScreen } from './screens/other-tab-screen.js';
import { StartingScreen } from './screens/starting-screen.js';
import { WelcomeScreen } from './screens/welcome-screen.js';
import { takenOver } from './model/one-tab.js';
import { phase } from './model/session.js';

export function App() {
  if (takenOver.value) return <OtherTabScreen />;
  if (phase.value === 'starting') return <StartingScreen />;
  return phase.value === 'in' ? <ChatScreen /> : <WelcomeScreen />;
}
