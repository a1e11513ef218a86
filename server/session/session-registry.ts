import type { DeviceId, UserId } from '../../shared/domain/ids.js';
import type { Delivery } from '../../shared/protocol/envelope.js';
import { CLOSE_CODES, type CloseReason } from '../../shared/protocol/close-codes.js';
import type { FlightRecorder } from '../../shared/ports/index.js';
import type { Session } from './session.js';

/** Tabs of one browser share a device; beyond this many the oldest is closed. */
const SESSIONS_PER_DEVICE = 10;

/** The open sessions of this server, by user. */
export class SessionRegistry {
  readonly #byUser = new Map<UserId, Session[]>();
  readonly #all = new Set<Session>();
  readonly #flight: FlightRecorder | undefined;
  #pending = 0;

  /** Deliveries are noted in `flight`. */
  constructor(flight?: FlightRecorder) {
    this.#flight = flight;
  }

  /** Connections that have not said hello yet count as well. */
  get size(): number {
    return this.#all.size;
  }

  /** Connections that have not said hello yet. */
  get pending(): number {
    return this.#pending;
  }

  get openSessions(): Session[] {
    return [...this.#byUser.values()].flat();
  }

  /** Any connection, from its first moment. */
  track(session: Session): void {
    this.#all.add(session);
    this.#pending += 1;
  }

  open(session: Session): void {
    this.#pending -= 1;
    const { userId, deviceId } = session.identity;
    const sessions = this.#byUser.get(userId);
    if (sessions === undefined) {
      this.#byUser.set(userId, [session]);
      return;
    }
    sessions.push(session);
    const ofDevice = sessions.filter((other) => other.identity.deviceId === deviceId);
    if (ofDevice.length > SESSIONS_PER_DEVICE) ofDevice[0]?.close(CLOSE_CODES.REPLACED);
  }

  forget(session: Session, how: { readonly wasOpen: boolean }): void {
    this.#all.delete(session);
    if (!how.wasOpen) {
      this.#pending -= 1;
      return;
    }
    const { userId } = session.identity;
    const rest = (this.#byUser.get(userId) ?? []).filter((other) => other !== session);
    if (rest.length === 0) this.#byUser.delete(userId);
    else this.#byUser.set(userId, rest);
  }

  /** Hands a delivery to the recipients' sessions; the recipients that have none here. */
  deliver(delivery: Delivery): UserId[] {
    const absent: UserId[] = [];
    for (const userId of delivery.recipients) {
      const sessions = this.#byUser.get(userId);
      if (sessions === undefined) absent.push(userId);
      else for (const session of sessions) if (session.id !== delivery.exceptSession) this.#push(session, delivery.payload);
    }
    return absent;
  }

  #push(session: Session, payload: Uint8Array): void {
    session.push(payload);
    this.#flight?.noteIn('delivered', payload, session.identity.deviceId);
  }

  /** Those that are about to be let in as well. */
  closeDevices(deviceIds: readonly DeviceId[], reason: CloseReason): void {
    const devices = new Set<DeviceId | undefined>(deviceIds);
    for (const session of [...this.#all]) if (devices.has(session.deviceId)) session.close(reason);
  }

  closeAll(reason: CloseReason): void {
    for (const session of [...this.#all]) session.close(reason);
  }

  /** Closes what has been silent: no connect frame in time, or no heartbeat. */
  sweep(now: number, limits: { readonly connectMs: number; readonly heartbeatMs: number }): void {
    for (const session of this.#all) {
      const silent = now - session.lastSeen;
      if (!session.open && silent > limits.connectMs) session.close(CLOSE_CODES.CONNECT_TIMEOUT);
      else if (session.open && silent > limits.heartbeatMs) session.close(CLOSE_CODES.HEARTBEAT_TIMEOUT);
    }
  }
}
