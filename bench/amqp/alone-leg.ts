import type { OpenLeg } from './leg.js';

/** No broker: what was sent in a turn comes back at its end. What it takes is what the making and checking of messages takes in every leg. */
export const openAloneLeg: OpenLeg = (_plan, events) => {
  let waiting: Uint8Array[] = [];
  let closed = false;
  const turn = (): void => {
    const payloads = waiting;
    waiting = [];
    if (!closed) for (const payload of payloads) events.delivered(payload);
  };
  return Promise.resolve({
    send: ({ payload }) => {
      if (waiting.push(payload) === 1) setImmediate(turn);
    },
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  });
};
