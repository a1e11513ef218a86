import { peerNameOf, titleOf } from '../model/places.js';
import type { ChannelInfo, ChannelKind } from '../model/types.js';
import { Avatar } from './avatar.js';
import { Icon, type IconName } from './icon.js';

const ICONS: Readonly<Record<ChannelKind, IconName>> = { public: 'hash', private: 'lock', group: 'people', dm: 'person' };

export function channelIcon(kind: ChannelKind): IconName {
  return ICONS[kind];
}

/** The sign before a channel's name: its kind, or the face of the other one. */
export function ChannelMark({ channel }: { channel: ChannelInfo }) {
  if (channel.kind !== 'dm') return <Icon name={channelIcon(channel.kind)} />;
  return <Avatar id={channel.peerId ?? channel.id} name={peerNameOf(channel) ?? titleOf(channel.id)} size="small" />;
}
