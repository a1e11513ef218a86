import type { Dialect } from '../database.js';

/** SQL for the few column types that we use, so that both dialects compare and sort text by its code points. */
export interface ColumnTypes {
  /** 13 characters of base32: string order is id order. */
  readonly id: string;
  /** ISO 8601 in UTC with milliseconds, exactly as given; string order is time order. */
  readonly time: string;
  readonly ascii: (chars: number) => string;
  readonly text: (chars: number) => string;
  readonly tableOptions: string;
}

/**
 * One schema change. Every statement can run again after a crash (`create table if not exists`, with its indexes inside),
 * because MySQL cannot roll DDL back. What has been released is never edited; a change is a new migration at the end.
 */
export type Statements = (types: ColumnTypes) => readonly string[];

const TYPES: Readonly<Record<Dialect, ColumnTypes>> = {
  mysql: {
    id: 'char(13) character set ascii collate ascii_bin',
    time: 'char(24) character set ascii collate ascii_bin',
    ascii: (chars) => `varchar(${chars}) character set ascii collate ascii_bin`,
    text: (chars) => `varchar(${chars})`,
    tableOptions: 'engine = InnoDB default character set utf8mb4 collate utf8mb4_bin',
  },
  sqlite: {
    id: 'text',
    time: 'text',
    ascii: () => 'text',
    text: () => 'text',
    tableOptions: 'without rowid',
  },
};

export function columnTypes(dialect: Dialect): ColumnTypes {
  return TYPES[dialect];
}
