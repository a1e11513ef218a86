import { expect } from 'chai';
import type { ChannelId, ClientId, MessageId, TimelineMessage, UserId } from '../../../../client/mod.js';
import { MessageNumbers } from '../../../../scripts/chat/message-numbers.js';
import { parseOptions, stateFile } from '../../../../scripts/chat/options.js';
import { makeHarmless, rowsOf } from '../../../../scripts/chat/text-width.js';

const ME = '0K3V000000001' as UserId;

function message(parts: Partial<TimelineMessage>): TimelineMessage {
  const ids = { id: '' as MessageId, prev: '' as MessageId, updatedId: '' as MessageId, channelId: '0K3W000000001' as ChannelId };
  const flags = { edited: false, deleted: false, voided: false, mentions: [], reactions: [], attachments: [] };
  return { ...ids, ...flags, senderId: ME, clientId: 'c' as ClientId, createdAt: '', content: '', status: 'sent', ...parts };
}

describe('terminal chat: text', () => {
  it('counts the rows of a line, wide characters as two columns', () => {
    expect(rowsOf('abcd', 4)).to.equal(1);
    expect(rowsOf('abcde', 4)).to.equal(2);
    expect(rowsOf('가나다', 4)).to.equal(2);
    expect(rowsOf('\u001b[1mabcd\u001b[22m', 4)).to.equal(1);
    expect(rowsOf('', 80)).to.equal(1);
  });

  it('takes out what would steer the terminal', () => {
    expect(makeHarmless('a\u001b[2Jb\u0007c\u009b1md')).to.equal('a[2Jbc1md');
    expect(makeHarmless('left\u202eright')).to.equal('leftright');
    expect(makeHarmless('tab\tline\n안녕 👍')).to.equal('tab\tline\n안녕 👍');
  });
});

describe('terminal chat: numbers of messages', () => {
  it('stay the same from pending to sent', () => {
    const numbers = new MessageNumbers();
    const pending = numbers.assign(message({ status: 'pending' }), ME);
    expect(() => numbers.find('1')).to.throw('not acknowledged');
    numbers.assign(message({ id: '0K3W00000000M' as MessageId }), ME);
    expect(pending.number).to.equal(1);
    expect(numbers.find('1').messageId).to.equal('0K3W00000000M');
  });

  it('know which one is last of mine', () => {
    const numbers = new MessageNumbers();
    numbers.assign(message({ id: '0K3W00000000A' as MessageId, clientId: 'a' as ClientId }), ME);
    numbers.assign(message({ id: '0K3W00000000B' as MessageId, clientId: 'b' as ClientId, senderId: '0K3V000000002' as UserId }), ME);
    expect(numbers.find('last').messageId).to.equal('0K3W00000000A');
    expect(() => numbers.find('7')).to.throw('no message 7');
  });
});

describe('terminal chat: options', () => {
  it('have a gateway by default, and names in lower case', () => {
    expect(parseOptions(['--user', 'Alice'])).to.include({ user: 'alice', url: 'http://localhost:8080', signUp: false });
  });

  it('keep one state file per server and user in the configuration folder', () => {
    const file = stateFile({ user: 'alice', url: 'http://localhost:8080' }, { XDG_CONFIG_HOME: '/home/alice/.config' });
    expect(file).to.equal('/home/alice/.config/warren/chat/localhost_8080-alice.json');
    expect(stateFile({ user: '../x', url: 'http://h' }, { XDG_CONFIG_HOME: '/c' })).to.equal('/c/warren/chat/h-.._x.json');
  });
});
