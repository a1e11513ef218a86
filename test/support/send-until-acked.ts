import { eventually } from './eventually.js';
import type { RawClient, RawFrame } from './raw-client.js';

/** What the SDK does: the same send with `resend`, again and again, until it is acknowledged. Errors in between must be temporary. */
export async function sendUntilAcked(
  client: RawClient,
  send: { readonly channelId: string; readonly clientId: string; readonly content?: string },
): Promise<RawFrame> {
  const { channelId, clientId, content = clientId } = send;
  let answer: RawFrame | undefined;
  await eventually(async () => {
    answer = await client.ask({ type: 'send', clientId, channelId, content, resend: true });
    if (answer.type === 'error' && answer['temporary'] !== true) throw new Error(`refused for good: ${String(answer['code'])}`);
    return answer.type === 'ack';
  });
  if (answer === undefined) throw new TypeError('it was never asked');
  return answer;
}
