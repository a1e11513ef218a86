import type { Cluster } from '../../scripts/cluster/cluster.js';

interface Exchange {
  readonly message_stats?: { readonly publish_in?: number };
}

/** Messages that the broker has been given since it began, all exchanges together. Its statistics are up to five seconds old. */
export async function publishedMessages({ backing: { rabbitmq, urls } }: Cluster): Promise<number> {
  if (rabbitmq === undefined) throw new Error('only the bench’s own RabbitMQ can be asked');
  const { username, password } = new URL(urls.amqp);
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const response = await fetch(`${rabbitmq.managementUrl}api/exchanges`, { headers: { authorization: `Basic ${basic}` } });
  if (!response.ok) throw new Error(`the management API answered with ${response.status}`);
  const exchanges = (await response.json()) as readonly Exchange[];
  return exchanges.reduce((total, exchange) => total + (exchange.message_stats?.publish_in ?? 0), 0);
}
