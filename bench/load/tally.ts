import { Latencies } from './latencies.js';
import type { LoadResult, Quantiles } from './protocol.js';

/** Examples that say enough. */
const FAULTS_KEPT = 5;

/** Counts and latencies of the measured time, and what is under way. */
export class Tally {
  readonly #ack = new Latencies();
  readonly #delivery = new Latencies();
  readonly #lateness = new Latencies();
  /** Deliveries since the last span ended: they are not in `#delivery` yet. */
  readonly #span = new Latencies();
  #spans: Quantiles[] = [];
  #sent = 0;
  sentInAll = 0;
  #delivered = 0;
  #acked = 0;
  #wrong = 0;
  #wrongBefore = 0;
  #faults: string[] = [];
  errors = 0;
  underWay = 0;

  takeSend(): void {
    this.#sent += 1;
    this.sentInAll += 1;
    this.underWay += 1;
  }

  takeDelivery(latencyMs: number): void {
    this.underWay -= 1;
    this.#delivered += 1;
    this.#span.add(latencyMs);
  }

  /** Delivered, but not as it was sent, or not in its order. */
  takeWrong(fault: string): void {
    this.underWay -= 1;
    this.#delivered += 1;
    this.#wrong += 1;
    if (this.#faults.length < FAULTS_KEPT) this.#faults.push(fault);
  }

  takeAck(latencyMs: number): void {
    this.#acked += 1;
    this.#ack.add(latencyMs);
  }

  takeLateness(ms: number): void {
    this.#lateness.add(ms);
  }

  /** The measured time begins. */
  begin(): void {
    this.#wrongBefore = this.#wrong;
    this.#wrong = 0;
    this.#faults = [];
    this.#spans = [];
    this.#sent = this.#delivered = this.#acked = 0;
    for (const latencies of [this.#ack, this.#delivery, this.#lateness, this.#span]) latencies.clear();
  }

  endSpan(): void {
    if (this.#span.count === 0) return;
    this.#spans.push(this.#span.quantiles());
    this.#delivery.absorb(this.#span);
    this.#span.clear();
  }

  counts(): Omit<LoadResult, 'sentInAll' | 'errors' | 'lost' | 'seconds' | 'cpuMs'> {
    this.endSpan();
    return {
      sent: this.#sent,
      delivered: this.#delivered,
      acked: this.#acked,
      wrong: this.#wrong,
      wrongBefore: this.#wrongBefore,
      faults: this.#faults,
      ackMs: this.#ack.quantiles(),
      deliveryMs: this.#delivery.quantiles(),
      deliverySpansMs: this.#spans,
      latenessMs: this.#lateness.quantiles(),
    };
  }
}
