import { describeWith } from '../support/products.js';
import { memoryStore, mongoStore, sqliteStore } from './message-fixtures.js';
import { describeMessageStoreContract } from './message-store.contract.js';

describeMessageStoreContract('MessageStore over memory', memoryStore);
describeMessageStoreContract('MessageStore over sqlite', () => sqliteStore());
describeMessageStoreContract('MessageStore over sqlite, every plain message in a run', () => sqliteStore({ leastPerClaim: 1 }));
describeWith('mongo', 'MessageStore over mongodb', (url) => describeMessageStoreContract('contract', () => mongoStore(url)));
