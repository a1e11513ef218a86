import { expect } from 'chai';
import type { DeviceId, UserId } from '../../shared/domain/ids.js';
import type { Device, User } from '../../shared/domain/model.js';
import { addUser, codeOf, LATER, newDevice, newHash, newId, NOW, type People } from './people-fixtures.js';

const AFTER_NOW = '2026-11-18T11:00:00.456Z';

export function describeDeviceStoreContract(name: string, open: () => Promise<People>): void {
  describe(name, () => {
    let people: People;
    let user: User;
    before(async () => void (people = await open()));
    beforeEach(async () => void (user = await addUser(people)));
    after(() => people.close());

    const logIn = async (device = newDevice(user.id), { hash = newHash(), expiresAt = LATER } = {}) => {
      const removed = await people.devices.create(device, { deviceId: device.id, userId: device.userId, hash, expiresAt });
      return { device, hash, removed };
    };
    const rotate = (hash: string, { next = newHash(), expiresAt = LATER, now = AFTER_NOW } = {}) =>
      people.devices.rotate(hash, { hash: next, expiresAt }, now);
    const ids = (devices: readonly Device[]): DeviceId[] => devices.map((device) => device.id);

    it('returns a device as it was created', async () => {
      const { device } = await logIn(newDevice(user.id, { name: '내 폰' }));
      expect(await people.devices.findById(device.id)).to.deep.equal(device);
    });

    it('rejects a device of nobody as NOT_FOUND', async () => {
      expect(await codeOf(logIn(newDevice(newId() as UserId)))).to.equal('NOT_FOUND');
    });

    it('rejects a second device with the same id as CONFLICT', async () => {
      const { device } = await logIn();
      expect(await codeOf(logIn(device))).to.equal('CONFLICT');
    });

    it('rejects a token that exists as CONFLICT, and keeps no device for it', async () => {
      const { hash } = await logIn();
      const second = newDevice(user.id);
      expect(await codeOf(logIn(second, { hash }))).to.equal('CONFLICT');
      expect(await people.devices.findById(second.id)).to.equal(undefined);
    });

    it("lists a user's devices, the newest first, and nobody else's", async () => {
      await logIn(newDevice((await addUser(people)).id));
      const old = await logIn(newDevice(user.id, { createdAt: '2026-01-01T00:00:00.000Z' }));
      const young = await logIn();
      expect(ids(await people.devices.listForUser(user.id))).to.deep.equal([young.device.id, old.device.id]);
    });

    it('removes and returns the oldest device beyond 50', async () => {
      const oldest = await logIn(newDevice(user.id, { createdAt: '2026-01-01T00:00:00.000Z' }));
      for (let i = 0; i < 49; i++) await logIn();
      const { removed } = await logIn();
      expect(removed).to.deep.equal([oldest.device.id]);
      expect(await people.devices.findById(oldest.device.id)).to.equal(undefined);
      expect(await people.devices.listForUser(user.id)).to.have.length(50);
    });

    it('keeps 50 devices when logins race', async () => {
      for (let i = 0; i < 49; i++) await logIn();
      const removed = await Promise.all([logIn(), logIn(), logIn()]);
      expect(removed.flatMap((login) => login.removed)).to.have.length(2);
      expect(await people.devices.listForUser(user.id)).to.have.length(50);
    });

    it('rotates the current token and moves lastSeenAt', async () => {
      const { device, hash } = await logIn();
      expect(await rotate(hash)).to.deep.equal({ status: 'rotated', deviceId: device.id, userId: user.id });
      expect(await people.devices.findById(device.id)).to.deep.equal({ ...device, lastSeenAt: AFTER_NOW });
    });

    it('rotates again with the token that the first rotation gave', async () => {
      const { hash } = await logIn();
      const next = newHash();
      await rotate(hash, { next });
      expect((await rotate(next)).status).to.equal('rotated');
    });

    it('removes the device when an earlier token is used again', async () => {
      const { device, hash } = await logIn();
      const next = newHash();
      await rotate(hash, { next });
      expect(await rotate(hash)).to.deep.equal({ status: 'reused', deviceId: device.id, userId: user.id });
      expect(await people.devices.findById(device.id)).to.equal(undefined);
      expect(await rotate(next)).to.deep.equal({ status: 'unknown' });
    });

    it('lets one of two rotations of the same token win, and the other one is a reuse', async () => {
      const { device, hash } = await logIn();
      const outcomes = await Promise.all([rotate(hash), rotate(hash)]);
      expect(outcomes.map((outcome) => outcome.status).sort()).to.deep.equal(['reused', 'rotated']);
      expect(await people.devices.findById(device.id)).to.equal(undefined);
    });

    it('does not know a token that was never given', async () => {
      expect(await rotate(newHash())).to.deep.equal({ status: 'unknown' });
    });

    it('does not know an expired token, and keeps its device', async () => {
      const { device, hash } = await logIn(newDevice(user.id), { expiresAt: AFTER_NOW });
      expect(await rotate(hash)).to.deep.equal({ status: 'unknown' });
      expect(await people.devices.findById(device.id)).to.deep.equal(device);
    });

    it('does not know an earlier token that has expired', async () => {
      const { device, hash } = await logIn(newDevice(user.id), { expiresAt: AFTER_NOW });
      await rotate(hash, { now: NOW });
      expect(await rotate(hash)).to.deep.equal({ status: 'unknown' });
      expect(await people.devices.findById(device.id)).to.not.equal(undefined);
    });

    it('rotates nothing when the next token exists already', async () => {
      const { hash } = await logIn();
      const other = await logIn();
      expect(await codeOf(rotate(hash, { next: other.hash }))).to.equal('CONFLICT');
      expect((await rotate(hash)).status).to.equal('rotated');
    });

    it('removes devices with their tokens, and returns those that existed', async () => {
      const { device, hash } = await logIn();
      const unknown = newId() as DeviceId;
      expect(await people.devices.remove(user.id, [unknown, device.id])).to.deep.equal([device.id]);
      expect(await people.devices.findById(device.id)).to.equal(undefined);
      expect(await rotate(hash)).to.deep.equal({ status: 'unknown' });
    });

    it("removes nobody else's device", async () => {
      const { device } = await logIn(newDevice((await addUser(people)).id));
      expect(await people.devices.remove(user.id, [device.id])).to.deep.equal([]);
      expect(await people.devices.findById(device.id)).to.deep.equal(device);
    });

    it('removes nothing when given nothing', async () => {
      expect(await people.devices.remove(user.id, [])).to.deep.equal([]);
    });
  });
}
