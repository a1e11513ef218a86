/**
 * The real products that contract and integration suites run against. `scripts/test.sh` starts private ones and sets
 * these variables; a product that is absent makes its suites pending, with the reason in their title.
 */
const VARIABLES = {
  redis: 'WARREN_TEST_REDIS_URL',
  amqp: 'WARREN_TEST_AMQP_URL',
  mysql: 'WARREN_TEST_MYSQL_URL',
  mongo: 'WARREN_TEST_MONGO_URL',
} as const;

export type Product = keyof typeof VARIABLES;

/** The product's URL, or undefined where there is none to test against. */
export function productUrl(product: Product): string | undefined {
  const url = process.env[VARIABLES[product]];
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

function missing(product: Product): string {
  return `${VARIABLES[product]} is not set`;
}
