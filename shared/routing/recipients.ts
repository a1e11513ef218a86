import type { ServerId, UserId } from '../domain/ids.js';

/** Those of a frame's recipients that one server holds. */
export interface ServerGroup {
  readonly serverId: ServerId;
  readonly userIds: UserId[];
  readonly next: ServerGroup | undefined;
}

/** Who gets a frame, by the server that has to hand it over; every message makes one of these. */
export class Recipients {
  /** Linked: a channel's members are on a few servers, most often on one or two, and an array that grows begins with room for seventeen. */
  groups: ServerGroup | undefined = undefined;
  /** Without any session; undefined when there is none of them. */
  offline: UserId[] | undefined = undefined;

  /** The servers in the order of the users. */
  static of(userIds: readonly UserId[], servers: readonly (readonly ServerId[])[]): Recipients {
    const recipients = new Recipients();
    userIds.forEach((userId, i) => recipients.add(userId, servers[i] ?? []));
    return recipients;
  }

  add(userId: UserId, serverIds: readonly ServerId[]): void {
    for (const serverId of serverIds) this.#addTo(serverId, userId);
    if (serverIds.length > 0) return;
    if (this.offline === undefined) this.offline = [userId];
    else this.offline.push(userId);
  }

  #addTo(serverId: ServerId, userId: UserId): void {
    for (let group = this.groups; group !== undefined; group = group.next) {
      if (group.serverId === serverId) {
        group.userIds.push(userId);
        return;
      }
    }
    this.groups = { serverId, userIds: [userId], next: this.groups };
  }
}
