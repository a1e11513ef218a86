import { describeHotPath } from './hot-path-fixtures.js';
import { describeConfirmationsContract } from './confirmations.contract.js';

describeHotPath('Confirmations', describeConfirmationsContract);
