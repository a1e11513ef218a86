import { setTimeout as delay } from 'node:timers/promises';
import type { ChannelId } from '../../../client/mod.js';
import { monotonicMs } from '../history/clock.js';
import { HistoryWriter } from '../history/files.js';
import { SeededRandom } from '../random.js';
import { Device } from './device.js';
import type { FromLoad, LoadPlan } from './protocol.js';

const TICK_MS = 20;
const CONNECT_AT_ONCE = 10;
/** Nothing has changed on any screen for this long, which is more than the SDK's longest pause: what was on its way has come. */
const STILL_MS = 8_000;
const STILL_WITHIN_MS = 60_000;
/** Commands of one device that may be on their way: the loop is closed here. */
const UNANSWERED = 16;
const SLOW_SENDS_PER_SECOND = 40;

/** All devices of one load process. */
export class Load {
  readonly #plan: LoadPlan;
  readonly #devices: readonly Device[];
  readonly #writer: HistoryWriter;
  readonly #random: SeededRandom;
  readonly #tell: (message: FromLoad) => void;
  #ticks: NodeJS.Timeout | undefined;
  #seconds: NodeJS.Timeout | undefined;
  #due = 0;
  #lastTick = 0;

  constructor(plan: LoadPlan, tell: (message: FromLoad) => void) {
    this.#plan = plan;
    this.#tell = tell;
    this.#random = new SeededRandom(plan.seed);
    this.#writer = new HistoryWriter(plan.historyPath);
    const parts = { baseUrl: plan.baseUrl, now: () => this.now(), write: this.#writer.write.bind(this.#writer) };
    this.#devices = plan.devices.map((device) => new Device({ ...parts, device, random: this.#random.fork() }));
  }

  now(): number {
    return Math.round((monotonicMs() - this.#plan.beganAt) * 10) / 10;
  }

  async connect(): Promise<void> {
    const waiting = [...this.#devices];
    const one = async (): Promise<void> => {
      for (let device = waiting.shift(); device !== undefined; device = waiting.shift()) await device.connect();
    };
    await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, one));
    this.#seconds = setInterval(() => this.#everySecond(), 1_000);
  }

  /** Actions come at their rate, by whoever is free: a device that waits for many answers says nothing more, as people do. */
  start(): void {
    this.#lastTick = this.now();
    this.#ticks = setInterval(() => this.#tick(), TICK_MS);
  }

  storm(): void {
    for (const device of this.#devices) device.sockets.cut();
  }

  async slow(devices: readonly number[], forMs: number): Promise<void> {
    const held = this.#devices.filter(({ d }) => devices.includes(d));
    for (const device of held) device.sockets.hold();
    const until = this.now() + forMs;
    while (this.now() < until) {
      for (const device of held) this.#talkTo(device);
      await delay(1_000 / SLOW_SENDS_PER_SECOND);
    }
    for (const device of held) device.sockets.release();
  }

  /** What did not come to rest in time, in words. */
  async settle(withinMs: number, closing: readonly { readonly d: number; readonly ch: string }[]): Promise<string[]> {
    clearInterval(this.#ticks);
    const deadline = this.now() + withinMs;
    await this.#until(() => this.#devices.every((device) => device.online && device.client.unsent === 0), deadline);
    for (const { d, ch } of closing) this.#devices.find((device) => device.d === d)?.send(ch as ChannelId, `${d}-last goodbye`);
    await this.#until(() => this.#devices.every((device) => device.online && device.client.unsent === 0), deadline);
    const troubles = this.#devices.flatMap(describeTrouble);
    await this.#untilStill(this.now() + STILL_WITHIN_MS);
    this.#showAll('quiet');
    return troubles;
  }

  async sync(withinMs: number): Promise<string[]> {
    const caughtUp = this.#devices.map((device) => reconnect(device, withinMs));
    const troubles = (await Promise.all(caughtUp)).flatMap((is, i) => (is ? [] : [`device ${this.#devices[i]?.d ?? -1} did not catch up`]));
    this.#showAll('synced');
    return troubles;
  }

  async end(): Promise<void> {
    clearInterval(this.#ticks);
    clearInterval(this.#seconds);
    await Promise.all(this.#devices.map((device) => device.client.close()));
    await this.#writer.close();
  }

  #tick(): void {
    const now = this.now();
    this.#due += ((now - this.#lastTick) / 1_000) * this.#plan.rate;
    this.#lastTick = now;
    // A process that was held up does not make up for more than a second of it at once.
    this.#due = Math.min(this.#due, this.#plan.rate);
    for (; this.#due >= 1; this.#due--) this.#actOnce();
  }

  #actOnce(): void {
    const device = this.#random.pick(this.#devices);
    if (device.client.unsent < UNANSWERED) device.act();
  }

  #talkTo(held: Device): void {
    const channel = this.#random.pick(held.channels);
    const isFree = (device: Device): boolean => device !== held && device.channels.includes(channel) && device.client.unsent < UNANSWERED;
    this.#devices.find(isFree)?.sendLong(channel);
  }

  #everySecond(): void {
    for (let n = 0; n < 3; n++) this.#random.pick(this.#devices).showAnyEnd();
    const sum = (of: (device: Device) => number): number => this.#devices.reduce((total, device) => total + of(device), 0);
    const [sent, acked, told] = [sum((d) => d.sent), sum((d) => d.acked), sum((d) => d.told)];
    this.#tell({ type: 'progress', sent, acked, told, online: sum((d) => (d.online ? 1 : 0)) });
  }

  #showAll(when: 'quiet' | 'synced'): void {
    for (const device of this.#devices) for (const channel of device.channels) device.show(when, channel);
  }

  async #until(isSo: () => boolean, deadline: number): Promise<void> {
    while (!isSo() && this.now() < deadline) await delay(50);
  }

  async #untilStill(deadline: number): Promise<void> {
    const still = (): boolean => this.#devices.every((device) => this.now() - device.lastChange > STILL_MS);
    await this.#until(still, deadline);
  }
}

function describeTrouble(device: Device): string[] {
  if (!device.online) return [`device ${device.d} is ${device.client.connection.status}`];
  return device.client.unsent > 0 ? [`device ${device.d} has ${device.client.unsent} commands without an answer`] : [];
}

/** Leaves and comes back; whether it has caught up in time. */
export function reconnect(device: Device, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    const off = device.client.on('caughtUp', () => {
      off();
      clearTimeout(timer);
      resolve(true);
    });
    device.client.disconnect();
    device.client.connect().catch(() => resolve(false));
  });
}
