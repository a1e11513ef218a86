import type { Knex } from 'knex';
import type { Dialect } from '../database.js';
import { createChannelPositions } from './0005-channel-positions.js';
import { createChannels } from './0004-channels.js';
import { createDevices } from './0002-devices.js';
import { createTeams } from './0003-teams.js';
import { createUsers } from './0001-users.js';
import { columnTypes, type Statements } from './column-types.js';

const MIGRATIONS: readonly { readonly name: string; readonly statements: Statements }[] = [
  { name: '0001-users', statements: createUsers },
  { name: '0002-devices', statements: createDevices },
  { name: '0003-teams', statements: createTeams },
  { name: '0004-channels', statements: createChannels },
  { name: '0005-channel-positions', statements: createChannelPositions },
];

/** The caller holds a lock of its own, so whatever knex's lock says is left from a process that died. */
export async function runMigrations(knex: Knex, dialect: Dialect): Promise<void> {
  const config = migrationConfig(dialect);
  await knex.migrate.forceFreeMigrationsLock(config);
  await knex.migrate.latest(config);
}

/** Listed in code, not found in a folder, so that they are the same from source and from `dist/`. */
function migrationConfig(dialect: Dialect): Knex.MigratorConfig {
  const types = columnTypes(dialect);
  const migrationSource: Knex.MigrationSource<(typeof MIGRATIONS)[number]> = {
    getMigrations: () => Promise.resolve([...MIGRATIONS]),
    getMigrationName: (migration) => migration.name,
    getMigration: (migration) =>
      Promise.resolve({
        up: async (knex) => {
          for (const sql of migration.statements(types)) await knex.raw(sql);
        },
        down: () => Promise.reject(new Error('migrations only go forward')),
      }),
  };
  return { migrationSource, tableName: 'schema_migrations' };
}
