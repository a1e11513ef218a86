import type { Endpoint } from './render.js';

/** `server1=10.0.0.1:9101,server2=10.0.0.2:9101`. @throws Error when a part has no name or no address. */
export function parseEndpoints(text: string): readonly Endpoint[] {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [name, address, ...rest] = part.split('=');
      if (name === undefined || address === undefined || rest.length > 0) throw new Error(`not of the form name=host:port: ${part}`);
      return { name, address };
    });
}
