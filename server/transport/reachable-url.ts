import { networkInterfaces } from 'node:os';

/** Where other machines reach a server that listens on that host and port: the host itself, or this machine's first address when it listens on all. */
export function reachableUrl(host: string, port: number): string {
  const address = host === '0.0.0.0' || host === '::' ? firstAddress() : host;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function firstAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.filter(({ internal }) => !internal);
  const chosen = outside.find(({ family }) => family === 'IPv4') ?? outside.find(({ scopeid }) => scopeid === 0);
  return chosen?.address ?? '127.0.0.1';
}
