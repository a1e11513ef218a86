import { expect } from 'chai';
import { HelloEncoder } from '../../../server/session/hello.js';
import type { DeviceId, ServerId, SessionId, UserId } from '../../../shared/domain/ids.js';
import type { HelloFrame } from '../../../shared/protocol/frames.js';
import { LIMITS, PROTOCOL_VERSION } from '../../../shared/protocol/limits.js';

describe('hello, encoded by hand', () => {
  it('is the JSON of its frame, whatever the server is called', () => {
    const now = Date.UTC(2026, 10, 23, 12);
    const heartbeat = { intervalMs: 25_000, timeoutMs: 60_000 };
    const frame: HelloFrame = {
      type: 'hello',
      version: PROTOCOL_VERSION,
      serverId: 'server "1"' as ServerId,
      sessionId: 'abc-_123' as SessionId,
      userId: '0K3V000000001' as UserId,
      deviceId: '0K3D000000001' as DeviceId,
      heartbeat,
      limits: { contentChars: LIMITS.contentChars, frameBytes: LIMITS.frameBytes, sendsPerSecond: 50 },
      serverTime: new Date(now).toISOString(),
    };
    const { serverId, sessionId: id, userId, deviceId } = frame;
    const encoder = new HelloEncoder({ serverId, heartbeat, sendsPerSecond: 50 });
    expect(encoder.encode({ id, identity: { userId, deviceId } }, now)).to.equal(JSON.stringify(frame));
  });
});
