import { signal } from '@preact/signals';

/**
 * One login may be used by one page at a time: two would spend each other's refresh tokens, and the server takes that for theft. A page
 * that starts asks the others to stop, waits for their word, and takes over; they offer to be taken over again.
 */
type Word = { readonly kind: 'claim' | 'yielded'; readonly page: string };

const CHANNEL = 'warren-page';
/** A page that does not answer within this time is not there; ms. */
const ANSWER_MS = 150;

export const takenOver = signal(false);

/** Resolves when no other page of this browser uses the login. `onYield` must let go of it before it resolves. */
export async function claimPage(onYield: () => Promise<void>): Promise<void> {
  const page = String(Math.random());
  const channel = new BroadcastChannel(CHANNEL);
  const answered = new Promise<void>((resolve) => {
    setTimeout(resolve, ANSWER_MS);
    channel.addEventListener('message', (event: MessageEvent<Word>) => {
      if (event.data.kind === 'yielded' && event.data.page === page) resolve();
    });
  });
  channel.postMessage({ kind: 'claim', page } satisfies Word);
  await answered;
  channel.addEventListener('message', (event: MessageEvent<Word>) => {
    if (event.data.kind !== 'claim') return;
    takenOver.value = true;
    const reply: Word = { kind: 'yielded', page: event.data.page };
    void onYield().finally(() => {
      channel.postMessage(reply);
      channel.close();
    });
  });
}
