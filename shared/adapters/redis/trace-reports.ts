import type { TraceReport, TraceReports } from '../../ports/index.js';
import type { RedisConnection } from './connection.js';

const KEEP_MS = 60_000;

/** `trace:<request>` is a list of reports as JSON. */
export class RedisTraceReports implements TraceReports {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async post(request: string, report: TraceReport): Promise<void> {
    const pipeline = this.#redis.pipeline();
    pipeline.rpush(this.#key(request), JSON.stringify(report));
    pipeline.pexpire(this.#key(request), KEEP_MS);
    await this.#redis.execute(pipeline);
  }

  async collect(request: string): Promise<readonly TraceReport[]> {
    const pipeline = this.#redis.pipeline();
    pipeline.lrange(this.#key(request), 0, -1);
    const [reports] = (await this.#redis.execute(pipeline)) as [readonly string[]];
    return reports.map((report) => JSON.parse(report) as TraceReport);
  }

  #key(request: string): string {
    return `${this.#redis.prefix}trace:${request}`;
  }
}
