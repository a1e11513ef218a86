import { describeHotPath } from './hot-path-fixtures.js';
import { describeSequencerContract } from './sequencer.contract.js';

describeHotPath('Sequencer', describeSequencerContract);
