import { Latencies } from './latencies.js';
import { LoadSocket } from './load-socket.js';
import { ContentMaker } from './content.js';
import type { FromLoad, LoadPair, LoadPlan, LoadResult } from './protocol.js';

/**
 * A closed loop: each pair keeps `inFlight` messages between send and delivery. Runs in a process of its own, so that its
 * CPU time can be told apart. Every delivered message is checked: its checksum, and that ids and sequence only grow.
 */
class PairLoad {
  readonly #plan: LoadPlan;
  readonly #ack = new Latencies();
  readonly #delivery = new Latencies();
  readonly #counts = { delivered: 0, acked: 0, errors: 0, wrong: 0 };
  readonly #content: ContentMaker;
  #running = true;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.#content = new ContentMaker(plan.contentChars);
  }

  async run(): Promise<LoadResult> {
    const sockets: LoadSocket[] = [];
    for (const pair of this.#plan.pairs) sockets.push(...(await this.#startPair(pair)));
    await pause(this.#plan.warmUpMs);
    this.#reset();
    tell({ type: 'measuring' });
    const started = performance.now();
    const cpu = process.cpuUsage();
    await pause(this.#plan.measureMs);
    const used = process.cpuUsage(cpu);
    const seconds = (performance.now() - started) / 1000;
    tell({ type: 'measured' });
    const counts = { ...this.#counts };
    this.#running = false;
    for (const socket of sockets) socket.close();
    return {
      ...counts,
      seconds,
      cpuMs: (used.user + used.system) / 1000,
      ackMs: this.#ack.quantiles(),
      deliveryMs: this.#delivery.quantiles(),
    };
  }

  async #startPair(pair: LoadPair): Promise<readonly LoadSocket[]> {
    const [sender, receiver] = await Promise.all([LoadSocket.open(pair.sender), LoadSocket.open(pair.receiver)]);
    const sentAt = new Map<string, number>();
    const clientIdPrefix = `bench-${process.pid}-${pair.channelId}-`;
    let sequence = 0;
    let lastSequence = 0;
    let lastId = '';
    const send = (): void => {
      if (!this.#running) return;
      const now = performance.now();
      const clientId = clientIdPrefix + String((sequence += 1));
      sentAt.set(clientId, now);
      const content = this.#content.make(sequence, Math.round(now * 1000));
      sender.send({ type: 'send', clientId, channelId: pair.channelId, content });
    };
    sender.onFrame = (frame) => {
      const clientId = frame['clientId'] as string;
      if (frame['type'] === 'ack') {
        this.#counts.acked += 1;
        this.#ack.add(performance.now() - (sentAt.get(clientId) ?? 0));
      } else if (frame['type'] === 'error') {
        this.#counts.errors += 1;
        send();
      }
      sentAt.delete(clientId);
    };
    receiver.onFrame = (frame) => {
      if (frame['type'] !== 'message') return;
      const content = this.#content.read(frame['content'] as string);
      const id = frame['id'] as string;
      if (content === undefined || id <= lastId || content.sequence !== lastSequence + 1) this.#counts.wrong += 1;
      lastId = id;
      lastSequence = content?.sequence ?? lastSequence;
      this.#counts.delivered += 1;
      if (content !== undefined) this.#delivery.add(performance.now() - content.sentAt / 1000);
      send();
    };
    for (let i = 0; i < this.#plan.inFlight; i++) send();
    return [sender, receiver];
  }

  #reset(): void {
    Object.assign(this.#counts, { delivered: 0, acked: 0, errors: 0, wrong: 0 });
    this.#ack.clear();
    this.#delivery.clear();
  }
}

function tell(message: FromLoad): void {
  process.send?.(message);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

process.once('message', (plan: LoadPlan) => {
  new PairLoad(plan).run().then(
    (result) => {
      tell({ type: 'result', result });
      process.disconnect();
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
