import { connect } from 'node:net';

const PROBE_MS = 2000;

/**
 * Connects, sends `request` if there is one, and asks `accepts` about the first bytes that come back. False when the
 * port refuses, answers otherwise, or says nothing for two seconds.
 */
export function probeTcp(options: {
  readonly host?: string;
  readonly port: number;
  readonly request?: string;
  readonly accepts: (answer: Buffer) => boolean;
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: options.host ?? '127.0.0.1', port: options.port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PROBE_MS, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.once('data', (answer) => finish(options.accepts(answer)));
    if (options.request !== undefined) socket.once('connect', () => socket.write(options.request ?? ''));
  });
}

/** Whether anybody listens there. */
export function probePort(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(PROBE_MS, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('connect', () => finish(true));
  });
}

/** Whether a GET is answered with 2xx within two seconds. */
export async function probeHttp(url: string, headers: Readonly<Record<string, string>> = {}): Promise<boolean> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PROBE_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
