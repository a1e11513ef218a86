import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openInfrastructure } from '../../../shared/composition/infrastructure.js';
import { ConfigError } from '../../../shared/config/define.js';
import { describeWith } from '../../support/products.js';
import { RabbitMqWorld } from '../../support/rabbitmq-world.js';
import { SilentLogger } from '../../support/silent-logger.js';

const BATCH = Buffer.from('batch');

describeWith('amqp', 'fewer persist partitions than before', (amqp) =>
  describeWith('redis', 'with something left in the others', (redis) => {
    let world: RabbitMqWorld;
    let folder: string;

    beforeEach(() => {
      world = new RabbitMqWorld(amqp);
      folder = mkdtempSync(join(tmpdir(), 'warren-partitions-'));
    });
    afterEach(async () => {
      await world.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it('is counted', async () => {
      const before = await world.open();
      await before.publisher.commit(0, BATCH);
      await before.publisher.commit(1, BATCH);
      const now = await world.open({ partitions: 1 });
      expect([await before.stranded(), await now.stranded()]).to.deep.equal([0, 1]);
    });

    it('keeps a process from starting, and says what to do', async () => {
      const before = await world.open();
      await before.publisher.commit(1, BATCH);
      const error = await startWith(1).catch((problem: unknown) => problem);
      expect(error).to.be.instanceOf(ConfigError);
      expect((error as ConfigError).message).to.match(/PARTITIONS is 1, but 1 batches .* start with the number there was before/);
    });

    it('does not keep it from starting once it is archived', async () => {
      await world.open();
      const { service } = await startWith(1);
      await service.stop();
    });

    function startWith(partitions: number): ReturnType<typeof openInfrastructure> {
      const config = {
        AMQP_URL: amqp,
        AMQP_PREFIX: world.prefix,
        REDIS_URL: redis,
        REDIS_PREFIX: `${world.prefix}:`,
        SQL_URL: `sqlite:${folder}/people.db`,
        MESSAGES_URL: `sqlite:${folder}/messages.db`,
        PARTITIONS: partitions,
      };
      return openInfrastructure(config, new SilentLogger());
    }
  }),
);
