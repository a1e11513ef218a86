import { describePeople } from './people-fixtures.js';
import { describeReceiptStoreContract } from './receipt-store.contract.js';

describePeople('ReceiptStore', describeReceiptStoreContract);
