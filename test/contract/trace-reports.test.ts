import { describeHotPath } from './hot-path-fixtures.js';
import { describeTraceReportsContract } from './trace-reports.contract.js';

describeHotPath('TraceReports', describeTraceReportsContract);
