import { describeHotPath } from './hot-path-fixtures.js';
import { describeTicketStoreContract } from './ticket-store.contract.js';

describeHotPath('TicketStore', describeTicketStoreContract);
