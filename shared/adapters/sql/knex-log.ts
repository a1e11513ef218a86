import type { Knex } from 'knex';

const nothing = (): void => undefined;

/** Knex prints to the console what it also rejects with; our callers log rejections, in one form. */
export const SILENT: Knex.Logger = { debug: nothing, deprecate: nothing, error: nothing, warn: nothing };
