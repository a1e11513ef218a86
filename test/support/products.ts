/**
 * The real products that contract and integration suites run against. `scripts/test.sh` starts private ones and sets
 * these variables; a product that is absent makes its suites pending, with the reason in their title.
 */
export const PRODUCT_VARIABLES = {
  redis: { url: 'WARREN_TEST_REDIS_URL', reason: 'WARREN_TEST_REDIS_REASON' },
  amqp: { url: 'WARREN_TEST_AMQP_URL', reason: 'WARREN_TEST_AMQP_REASON' },
  mysql: { url: 'WARREN_TEST_MYSQL_URL', reason: 'WARREN_TEST_MYSQL_REASON' },
  mongo: { url: 'WARREN_TEST_MONGO_URL', reason: 'WARREN_TEST_MONGO_REASON' },
} as const;

export type Product = keyof typeof PRODUCT_VARIABLES;

/** The product's URL, or undefined where there is none to test against. */
export function productUrl(product: Product): string | undefined {
  const url = process.env[PRODUCT_VARIABLES[product].url];
  return url === '' ? undefined : url;
}

/** A `describe` that gets the product's URL; pending, with the reason, where there is none. */
export function describeWith(product: Product, title: string, define: (url: string) => void): void {
  const url = productUrl(product);
  if (url === undefined) {
    describe(title, () => it(skippedTitle('needs the product', missing(product))));
    return;
  }
  describe(title, () => define(url));
}

/** How a pending test says why: the reporter lists the reason. */
export function skippedTitle(title: string, reason: string): string {
  return `${title} [skipped: ${reason}]`;
}

/** Why there is none, in the words of whoever tried to start it. */
function missing(product: Product): string {
  const { url, reason } = PRODUCT_VARIABLES[product];
  return process.env[reason] ?? `${url} is not set`;
}
