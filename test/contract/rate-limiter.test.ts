import { describeHotPath } from './hot-path-fixtures.js';
import { describeRateLimiterContract } from './rate-limiter.contract.js';

describeHotPath('RateLimiter', describeRateLimiterContract);
