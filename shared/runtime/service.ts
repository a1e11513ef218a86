/** Something that starts and stops. Started in order, stopped in reverse; `stop` may be called at any time and more than once. */
export interface Service {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One service of many. If a start fails, what had started is stopped before the error is thrown. */
export function composeServices(name: string, services: readonly Service[]): Service {
  const running: Service[] = [];
  const stop = async (): Promise<void> => {
    for (let service = running.pop(); service !== undefined; service = running.pop()) await service.stop();
  };
  const start = async (): Promise<void> => {
    for (const service of services) {
      running.push(service);
      try {
        await service.start();
      } catch (error) {
        await stop();
        throw error;
      }
    }
  };
  return { name, start, stop };
}
