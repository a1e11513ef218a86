/** What is asked of the system. */
export interface Demand {
  readonly dailyUsers: number;
  readonly messagesPerUser: number;
  /** The busiest hour's rate over the day's average. */
  readonly peakFactor: number;
  /** Of the daily users, connected at the busiest moment. */
  readonly connectedShare: number;
  readonly textBytes: number;
  readonly imageShare: number;
  readonly imageBytes: number;
  readonly years: number;
  /** Days after which messages are taken to be cold: compressed segments in an object store. */
  readonly hotDays: number;
  /** Copies of what is hot. */
  readonly replicas: number;
  /** Of a machine. */
  readonly cores: number;
  /** Of the cores and of the connections, at the peak: the rest is for the loss of a machine, and for luck. */
  readonly utilisation: number;
}

/** What was measured, on the machine that docs/performance.md names. CPU in microseconds of one core per message. */
export interface Constants {
  readonly serverMicros: number;
  readonly workerMicros: number;
  readonly redisMicros: number;
  readonly brokerMicros: number;
  /** Resident in a chat server, and in its kernel, per connection. */
  readonly connectionBytes: number;
  /** What a chat server takes whatever its number of connections, once there is traffic. */
  readonly processBytes: number;
  readonly connectionsPerServer: number;
  /** In the message store beyond the text: ids, indexes. */
  readonly storedOverheadBytes: number;
  /** In Redis beyond the text, for a message of the last day: window and client id. */
  readonly windowOverheadBytes: number;
  readonly windowHours: number;
  /** In the broker beyond the text, once to be stored and once to be delivered. */
  readonly brokerOverheadBytes: number;
  /** Cold text over hot. */
  readonly compression: number;
}

/** Below this, the loss of one server is felt by too many at once. */
export const FEWEST_SERVERS = 4;
/** A quorum. */
const BROKER_NODES = 3;
const DAY_S = 86_400;

export interface Capacity {
  readonly messagesPerDay: number;
  readonly averagePerSecond: number;
  readonly peakPerSecond: number;
  readonly connections: number;
  readonly servers: {
    readonly count: number;
    readonly limitedBy: 'connections' | 'CPU' | 'safety';
    readonly cores: number;
    readonly bytes: number;
  };
  readonly workers: { readonly cores: number };
  readonly redis: { readonly cores: number; readonly bytes: number };
  readonly broker: {
    readonly nodes: number;
    readonly cores: number;
    readonly bytesPerSecond: number;
    readonly backlogBytesPerHour: number;
  };
  readonly machines: number;
  readonly storage: { readonly hotBytes: number; readonly coldBytes: number; readonly imageBytes: number };
}

export function planCapacity(demand: Demand, constants: Constants): Capacity {
  const messagesPerDay = demand.dailyUsers * demand.messagesPerUser;
  const averagePerSecond = messagesPerDay / DAY_S;
  const peakPerSecond = averagePerSecond * demand.peakFactor;
  const connections = demand.dailyUsers * demand.connectedShare;
  const coresFor = (micros: number): number => (peakPerSecond * micros) / 1e6 / demand.utilisation;
  const servers = planServers({ connections, cores: coresFor(constants.serverMicros) }, { demand, constants });
  const workers = { cores: coresFor(constants.workerMicros) };
  const redis = {
    cores: coresFor(constants.redisMicros),
    bytes: averagePerSecond * constants.windowHours * 3600 * (demand.textBytes + constants.windowOverheadBytes),
  };
  const broker = {
    nodes: BROKER_NODES,
    // Every node of the quorum writes what is to be stored.
    cores: coresFor(constants.brokerMicros) * BROKER_NODES,
    bytesPerSecond: peakPerSecond * (2 * demand.textBytes + constants.brokerOverheadBytes),
    backlogBytesPerHour: peakPerSecond * 3600 * (demand.textBytes + constants.brokerOverheadBytes / 2),
  };
  const cores = servers.cores + workers.cores + redis.cores + broker.cores;
  const machines = Math.max(FEWEST_SERVERS, Math.ceil(cores / demand.cores));
  const storage = planStorage(messagesPerDay, { demand, constants });
  return { messagesPerDay, averagePerSecond, peakPerSecond, connections, servers, workers, redis, broker, machines, storage };
}

interface Inputs {
  readonly demand: Demand;
  readonly constants: Constants;
}

/** A chat server is one process: one core, and as many connections as it may have files open. */
function planServers(load: { readonly connections: number; readonly cores: number }, { demand, constants }: Inputs): Capacity['servers'] {
  const byConnections = Math.ceil(load.connections / (constants.connectionsPerServer * demand.utilisation));
  const byCpu = Math.ceil(load.cores);
  const count = Math.max(byConnections, byCpu, FEWEST_SERVERS);
  const limitedBy = count === byConnections ? 'connections' : count === byCpu ? 'CPU' : 'safety';
  return { count, limitedBy, cores: load.cores, bytes: count * constants.processBytes + load.connections * constants.connectionBytes };
}

function planStorage(messagesPerDay: number, { demand, constants }: Inputs): Capacity['storage'] {
  const days = demand.years * 365;
  const hotDays = Math.min(days, demand.hotDays);
  const stored = demand.textBytes + constants.storedOverheadBytes;
  return {
    hotBytes: messagesPerDay * hotDays * stored * demand.replicas,
    coldBytes: messagesPerDay * (days - hotDays) * stored * constants.compression,
    imageBytes: messagesPerDay * days * demand.imageShare * demand.imageBytes,
  };
}
