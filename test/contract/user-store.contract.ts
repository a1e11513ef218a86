import { expect } from 'chai';
import type { UserId } from '../../shared/domain/ids.js';
import { addUser, codeOf, newId, NOW, type People } from './people-fixtures.js';

export function describeUserStoreContract(name: string, open: () => Promise<People>): void {
  describe(name, () => {
    let people: People;
    before(async () => void (people = await open()));
    after(() => people.close());

    const newPrefix = (): string => newId().toLowerCase();
    const search = async (query: string, { cursor = '', limit = 10 } = {}): Promise<string[]> =>
      (await people.users.search({ query, cursor, limit })).map((user) => user.username);

    it('returns a user as it was created', async () => {
      const user = await addUser(people, { displayName: '김 철수 😀', locale: 'ko', createdAt: '2026-11-18T10:30:00.007Z' });
      expect(await people.users.findById(user.id)).to.deep.equal(user);
    });

    it('does not know a user that was never created', async () => {
      expect(await people.users.findById(newId() as UserId)).to.equal(undefined);
    });

    it('rejects a second user with the same name as USERNAME_TAKEN', async () => {
      const { username } = await addUser(people);
      expect(await codeOf(addUser(people, { username }))).to.equal('USERNAME_TAKEN');
    });

    it('creates one of two users that ask for the same name at once', async () => {
      const username = newPrefix();
      const codes = await Promise.all([1, 2].map(() => addUser(people, { username }).then(() => 'created', errorCode)));
      expect(codes.sort()).to.deep.equal(['USERNAME_TAKEN', 'created']);
    });

    it('rejects a second user with the same id as CONFLICT', async () => {
      const { id } = await addUser(people);
      expect(await codeOf(addUser(people, { id }))).to.equal('CONFLICT');
    });

    it('finds those that exist among many ids', async () => {
      const users = [await addUser(people), await addUser(people)];
      const found = await people.users.findMany([newId() as UserId, ...users.map((user) => user.id)]);
      expect(found.map((user) => user.id)).to.have.members(users.map((user) => user.id));
    });

    it('finds nobody among no ids', async () => {
      expect(await people.users.findMany([])).to.deep.equal([]);
    });

    it('finds credentials by username', async () => {
      const user = await addUser(people);
      expect(await people.users.findCredentials(user.username)).to.deep.equal({ user, passwordHash: 'hash' });
    });

    for (const username of ['nobody', '없는사람', '😀', "' or 1=1 --"]) {
      it(`finds no credentials for ${username}`, async () => {
        expect(await people.users.findCredentials(username)).to.equal(undefined);
      });
    }

    it('searches by the start of the username, whatever its case', async () => {
      const prefix = newPrefix();
      await addUser(people, { username: `${prefix}a` });
      await addUser(people, { username: `x${prefix}` });
      expect(await search(prefix.toUpperCase())).to.deep.equal([`${prefix}a`]);
    });

    it('searches by the start of the display name, whatever its case', async () => {
      const prefix = newPrefix();
      const user = await addUser(people, { displayName: `${prefix} Ünal` });
      expect(await search(`${prefix} üNA`)).to.deep.equal([user.username]);
    });

    it('searches Korean display names, however they were composed', async () => {
      const prefix = newPrefix();
      const user = await addUser(people, { displayName: `${prefix}박영희`.normalize('NFD') });
      expect(await search(`${prefix}박영`)).to.deep.equal([user.username]);
    });

    it('takes no character of a query for a wildcard', async () => {
      const prefix = newPrefix();
      await addUser(people, { displayName: `${prefix}abc` });
      expect([await search(`${prefix}%`), await search(`${prefix}_b`)]).to.deep.equal([[], []]);
    });

    it('returns a user once that matches by both names', async () => {
      const prefix = newPrefix();
      await addUser(people, { username: prefix, displayName: prefix });
      expect(await search(prefix)).to.deep.equal([prefix]);
    });

    it('pages through a search by username', async () => {
      const prefix = newPrefix();
      for (const suffix of ['c', 'a', 'b']) await addUser(people, { username: `x${suffix}${prefix}`, displayName: prefix });
      for (const suffix of ['2', '1']) await addUser(people, { username: `${prefix}${suffix}` });
      const first = await search(prefix, { limit: 3 });
      const rest = await search(prefix, { limit: 3, cursor: first.at(-1)! });
      expect([...first, ...rest]).to.deep.equal([`${prefix}1`, `${prefix}2`, `xa${prefix}`, `xb${prefix}`, `xc${prefix}`]);
    });

    it('changes what is given and keeps the rest', async () => {
      const user = await addUser(people, { locale: 'ko' });
      const changed = await people.users.update(user.id, { displayName: 'Renamed' });
      expect(changed).to.deep.equal({ ...user, displayName: 'Renamed' });
      expect(await people.users.findById(user.id)).to.deep.equal(changed);
    });

    it('finds a renamed user under the new name only', async () => {
      const [before, after] = [newPrefix(), newPrefix()];
      const user = await addUser(people, { displayName: before });
      await people.users.update(user.id, { displayName: after });
      expect([await search(before), await search(after)]).to.deep.equal([[], [user.username]]);
    });

    it('answers a change of nothing with the user', async () => {
      const user = await addUser(people);
      expect(await people.users.update(user.id, {})).to.deep.equal(user);
    });

    it('changes nobody who does not exist', async () => {
      expect(await people.users.update(newId() as UserId, { displayName: NOW })).to.equal(undefined);
    });
  });
}

function errorCode(error: unknown): string {
  return (error as { code: string }).code;
}
