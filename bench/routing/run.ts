import type { Measurement } from '../arms/arm.js';
import { WARREN_ARM } from '../arms/warren-arm.js';
import { withArm } from '../arms/with-arm.js';

export interface RoutingOptions {
  readonly pairs: number;
  readonly inFlight: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly nodes: number;
  readonly contentChars: number;
}

export interface RoutingReport extends Measurement {
  readonly options: RoutingOptions;
}

/** Pairs whose two ends sit on different servers, all guarantees on: durable commit, dedupe, validation, authentication. */
export function runRouting(options: RoutingOptions): Promise<RoutingReport> {
  const { inFlight, ...shape } = options;
  return withArm(WARREN_ARM, { nodes: options.nodes }, async (running) => ({
    ...(await running.measure({ ...shape, traffic: { kind: 'closed', inFlight } })),
    options,
  }));
}
