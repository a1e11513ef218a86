import type { Constants, Demand } from './capacity.js';

/**
 * CPU: rounded up from turns of `npm run bench -- compare`, 20 under way, on a slow day. Store and Redis: `npm run bench -- footprint`. A
 * connection and a process: `npm run bench -- memory`, with the kernel's share. The broker's bytes and the compression are estimates.
 * windowHours: shared/adapters/redis/recent-window.ts.
 */
export const CONSTANTS: Constants = {
  serverMicros: 36,
  workerMicros: 20,
  redisMicros: 18,
  brokerMicros: 9,
  connectionBytes: 10_000,
  processBytes: 230_000_000,
  connectionsPerServer: 19_000,
  storedOverheadBytes: 220,
  windowOverheadBytes: 530,
  windowHours: 25,
  brokerOverheadBytes: 500,
  compression: 0.25,
};

/** The design's example. */
export const EXAMPLE: Demand = {
  dailyUsers: 50_000_000,
  messagesPerUser: 20,
  peakFactor: 5,
  connectedShare: 0.02,
  textBytes: 100,
  imageShare: 0.2,
  imageBytes: 200_000,
  years: 10,
  hotDays: 90,
  replicas: 3,
  cores: 16,
  utilisation: 0.6,
};
