import { expect } from 'chai';
import { SendBudget } from '../../../../server/chat/send-budget.js';
import type { UserId } from '../../../../shared/domain/ids.js';
import type { ChatError } from '../../../../shared/errors/chat-error.js';

const KNOWN = 50_000;
const user = (n: number): UserId => `user ${n}` as UserId;

describe('the budget of sends', () => {
  const outcome = (budget: SendBudget, userId: UserId, now = 0): unknown => {
    try {
      budget.take(userId, now);
      return 'taken';
    } catch (error) {
      return (error as ChatError).details;
    }
  };

  it('takes a burst of five seconds, then tells how long to wait', () => {
    const budget = new SendBudget(10);
    for (let n = 0; n < 50; n++) expect(outcome(budget, user(0))).to.equal('taken');
    expect(outcome(budget, user(0))).to.deep.equal({ retryAfterMs: 100 });
    expect(outcome(budget, user(0), 100)).to.equal('taken');
  });

  it('never grows beyond the burst, however long somebody was silent', () => {
    const budget = new SendBudget(1);
    budget.take(user(0), 0);
    for (let n = 0; n < 5; n++) expect(outcome(budget, user(0), 3_600_000)).to.equal('taken');
    expect(outcome(budget, user(0), 3_600_000)).to.deep.equal({ retryAfterMs: 1_000 });
  });

  it('remembers so many users: beyond them, who was met first begins anew', () => {
    const budget = new SendBudget(0.2);
    for (let n = 0; n < KNOWN; n++) budget.take(user(n), 0);
    expect(outcome(budget, user(0))).to.not.equal('taken');
    budget.take(user(KNOWN), 0);
    expect(outcome(budget, user(1))).to.not.equal('taken');
    expect(outcome(budget, user(0))).to.equal('taken');
  });
});
