import { createClient, createWebStorage } from '../../../client/mod.js';
import { deviceNameOf } from './device-name.js';

/** Messages kept of a channel; scrolling up may collect ten times as many. */
const MESSAGES_PER_CHANNEL = 1000;

/** The one client of this page. Everything it must not forget is in this browser's storage. */
export const client = createClient({
  baseUrl: '',
  storage: createWebStorage(localStorage),
  deviceName: deviceNameOf(navigator.userAgent),
  clientName: 'warren-web/0.1.0',
  messagesPerChannel: MESSAGES_PER_CHANNEL,
});
