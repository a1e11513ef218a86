import { codeAt } from '../domain/code-at.js';
import { ID_LENGTH, type ChannelId } from '../domain/ids.js';

/** The persist partition of a channel, 0 to partitions - 1: FNV-1a of the id, the same in every process and for ever. */
export function partitionOf(channelId: ChannelId, partitions: number): number {
  if (partitions === 1) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < ID_LENGTH; i++) hash = Math.imul(hash ^ codeAt(channelId, i), 0x01000193);
  return (hash >>> 0) % partitions;
}
