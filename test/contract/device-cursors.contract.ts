import { expect } from 'chai';
import type { DeviceCursors } from '../../shared/ports/index.js';
import { nextDevice, nextId, type DescribeHotPath, type HotPath } from './hot-path-fixtures.js';

export const describeDeviceCursorsContract: DescribeHotPath = (name, open) => {
  describe(name, () => {
    let hotPath: HotPath;
    let cursors: DeviceCursors;

    beforeEach(async () => {
      hotPath = await open();
      cursors = hotPath.deviceCursors;
    });
    afterEach(() => hotPath.close());

    it('a device that nothing is known of has none', async () => {
      expect([...(await cursors.read(nextDevice()))]).to.deep.equal([]);
    });

    it('what was moved is read', async () => {
      const [device, a, b] = [nextDevice(), nextId(), nextId()];
      await cursors.move(
        device,
        new Map([
          ['one', a],
          ['two', b],
        ]),
      );
      expect(Object.fromEntries(await cursors.read(device))).to.deep.equal({ one: a, two: b });
    });

    it('moves forward only, each by itself', async () => {
      const [device, first, second, third] = [nextDevice(), nextId(), nextId(), nextId()];
      await cursors.move(
        device,
        new Map([
          ['one', second],
          ['two', first],
        ]),
      );
      await cursors.move(
        device,
        new Map([
          ['one', first],
          ['two', third],
        ]),
      );
      expect(Object.fromEntries(await cursors.read(device))).to.deep.equal({ one: second, two: third });
    });

    it('one device’s are not another’s', async () => {
      const [device, other] = [nextDevice(), nextDevice()];
      await cursors.move(device, new Map([['one', nextId()]]));
      expect([...(await cursors.read(other))]).to.deep.equal([]);
    });

    it('takes no cursors at all', async () => {
      const device = nextDevice();
      await cursors.move(device, new Map());
      expect([...(await cursors.read(device))]).to.deep.equal([]);
    });
  });
};
