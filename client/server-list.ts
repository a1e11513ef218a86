import type { ServerChoice } from '../shared/protocol/http.js';

/** The servers that discovery named: the one in use first, then the best, then the spares; each once before asking anew. */
export class ServerList {
  #servers: readonly ServerChoice[] = [];
  #inUse: string | undefined;
  readonly #tried = new Set<string>();

  /** The server this device was connected to last. */
  get inUse(): string | undefined {
    return this.#inUse;
  }

  replace(servers: readonly ServerChoice[]): void {
    this.#servers = servers;
    this.#tried.clear();
  }

  /** Undefined when all have been tried: then it is time to ask discovery. */
  pick(avoid?: string): ServerChoice | undefined {
    const free = this.#servers.filter(({ serverId }) => !this.#tried.has(serverId) && serverId !== avoid);
    const chosen = free.find(({ serverId }) => serverId === this.#inUse) ?? free[0];
    if (chosen !== undefined) this.#tried.add(chosen.serverId);
    return chosen;
  }

  /** Discovery is not reachable either: begin with the same servers again. */
  startOver(): void {
    this.#tried.clear();
  }

  /** It is going away: anything else is better. */
  leave(serverId: string): void {
    if (this.#inUse === serverId) this.#inUse = undefined;
    this.#tried.add(serverId);
  }

  /** A connection to it stands. */
  settle(serverId: string): void {
    this.#inUse = serverId;
    this.#tried.clear();
  }
}
