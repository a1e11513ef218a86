import type { Channel } from 'amqplib';

/**
 * Resolves when the channel is closed, by whomever; never rejects. The driver's own promise never settles when the connection ends before the
 * broker has answered (amqplib 2.3: `toClosed` forgets the continuation of `closeBecause`).
 */
export async function closeChannel(channel: Channel): Promise<void> {
  const closed = new Promise<void>((resolve) => channel.once('close', resolve));
  // It rejects at once when the channel has closed before.
  await Promise.race([closed, channel.close().catch(() => undefined)]);
}
